/*
 * The commands that settle stored messages, stage by stage: see settle.c, imap.h. RFC 3501
 * section 6.4.3, 6.4.6 and 6.4.7, RFC 4315, RFC 6851.
 *
 * Without UIDPLUS a plain EXPUNGE would also remove what others have marked: then it is
 * sent only when nothing else is marked, else the marks are left for somebody to expunge.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/say.h"

/* LIMIT: messages of one STORE; of one MOVE or COPY, which may take long at the server. */
enum { STORE_MAX = 1000, MOVE_MAX = 200 };
/* LIMIT: so many wait before something is sent while the folder is still being fetched. */
enum { EARLY = IMAP_WINDOW / 4 };

static const char *const refused[IMAP_STAGES] = {
	[IMAP_STAGE_SET] = "flags of stored messages cannot be set",
	[IMAP_STAGE_CLEAR] = "flags of stored messages cannot be cleared",
	[IMAP_STAGE_MOVE] = "stored messages cannot be moved",
	[IMAP_STAGE_MARK] = "stored messages cannot be deleted",
	[IMAP_STAGE_EXPUNGE] = "stored messages cannot be deleted",
};

/* IMAP4rev2 has both built in; a server of both versions names them. */
static bool can(const struct imap_source *s, const char *name)
{
	const struct session *session = &s->base.session;

	return session_can(session, name) ||
		(session_can(session, "IMAP4rev2") && !session_can(session, "IMAP4rev1"));
}

static enum imap_stage next_stage(const struct imap_source *s, enum imap_stage stage)
{
	const struct imap_plan *plan = &s->folder.settling.plan;

	switch (stage) {
	case IMAP_STAGE_SET:
		if (plan->clear.len)
			return IMAP_STAGE_CLEAR;
		break;
	case IMAP_STAGE_CLEAR:
		break;
	case IMAP_STAGE_MOVE:
		return can(s, "MOVE") ? IMAP_STAGES : IMAP_STAGE_MARK;
	case IMAP_STAGE_MARK:
		return IMAP_STAGE_EXPUNGE;
	default:
		return IMAP_STAGES;
	}
	switch (plan->end) {
	case IMAP_MOVE:
		return IMAP_STAGE_MOVE;
	case IMAP_DELETE:
		return IMAP_STAGE_MARK;
	default:
		return IMAP_STAGES;
	}
}

static enum imap_stage first_stage(const struct imap_source *s)
{
	if (s->folder.settling.plan.set.len)
		return IMAP_STAGE_SET;
	return next_stage(s, IMAP_STAGE_SET);
}

void imap_stages_begin(struct imap_source *s, uint32_t uid)
{
	uidset_add(&s->folder.settling.queue[first_stage(s)], uid, uid);
}

void imap_stages_resume(struct imap_source *s)
{
	struct imap_settling *t = &s->folder.settling;
	bool moves = t->plan.target != NULL;

	uidset_add_set(&t->queue[moves ? IMAP_STAGE_MOVE : IMAP_STAGE_MARK], &t->due);
	if (t->plan.end == IMAP_MOVE)
		return; /* first it is asked what of them is there */
	if (!uidset_empty(&t->resumed))
		uidset_add_set(&t->queue[first_stage(s)], &t->resumed);
	uidset_clear(&t->resumed);
}

/* All is done with these; behind a move or an expunge they are gone. */
static void finish(struct imap_source *s, enum imap_stage stage, const struct uidset *set)
{
	struct imap_folder *f = &s->folder;

	uidset_remove_set(&f->leaving, set);
	uidset_remove_set(&f->settling.due, set);
	if (stage >= IMAP_STAGE_MOVE && f->settling.has_rows)
		uidset_add_set(&f->settling.ended, set);
	f->dirty = true;
}

static void pass_on(struct imap_source *s, enum imap_stage stage, const struct uidset *set)
{
	enum imap_stage next = next_stage(s, stage);

	if (next == IMAP_STAGES)
		finish(s, stage, set);
	else
		uidset_add_set(&s->folder.settling.queue[next], set);
}

/* ---- commands ---- */

static void put_command(const struct imap_source *s, enum imap_stage stage, const char *set,
	struct buf *out)
{
	const struct imap_plan *plan = &s->folder.settling.plan;

	switch (stage) {
	case IMAP_STAGE_SET:
		buf_addf(out, "UID STORE %s +FLAGS.SILENT (%s)", set, buf_text(&plan->set));
		break;
	case IMAP_STAGE_CLEAR:
		buf_addf(out, "UID STORE %s -FLAGS.SILENT (%s)", set, buf_text(&plan->clear));
		break;
	case IMAP_STAGE_MOVE:
		buf_addf(out, "UID %s %s ", can(s, "MOVE") ? "MOVE" : "COPY", set);
		folder_quoted(plan->target, out);
		break;
	case IMAP_STAGE_MARK:
		buf_addf(out, "UID STORE %s +FLAGS.SILENT (\\Deleted)", set);
		break;
	default:
		buf_addf(out, "UID EXPUNGE %s", set);
		break;
	}
}

static int send(struct imap_source *s, enum imap_stage stage, struct fault *why)
{
	struct imap_settling *t = &s->folder.settling;
	struct imap_flight *flight;
	AUTO_UIDSET set = { 0 };
	AUTO_BUF ranges = { 0 };
	AUTO_BUF text = { 0 };

	/* The ledger first. */
	if (imap_save(s, why) < 0)
		return -1;
	uidset_take(&t->queue[stage], stage == IMAP_STAGE_MOVE ? MOVE_MAX : STORE_MAX,
		IMAP_LINE_RANGES, &set);
	uidset_write(&set, &ranges);
	put_command(s, stage, buf_text(&ranges), &text);
	flight = imap_send(s, IMAP_JOB_STAGE, "%s", buf_text(&text));
	flight->stage = stage;
	uidset_add_set(&flight->set, &set);
	return 0;
}

/* EXPUNGE takes no UIDs: all that are marked go, so nobody else's may be among them. */
static void expunge_plainly(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;
	struct imap_settling *t = &f->settling;
	struct uidset *marked = &t->queue[IMAP_STAGE_EXPUNGE];
	AUTO_UIDSET strangers = { 0 };
	struct imap_flight *flight;

	if (!t->others_known) {
		uidset_clear(&t->others);
		imap_send(s, IMAP_JOB_DELETED, "UID SEARCH DELETED");
		return;
	}
	t->others_known = false;
	uidset_add_set(&strangers, &t->others);
	uidset_remove_set(&strangers, &f->leaving);
	uidset_remove_set(&strangers, &t->due);
	uidset_remove_set(&strangers, marked);
	if (uidset_empty(&strangers)) {
		flight = imap_send(s, IMAP_JOB_STAGE, "EXPUNGE");
		flight->stage = IMAP_STAGE_EXPUNGE;
		uidset_add_set(&flight->set, marked);
	} else {
		say_detail("account %s: folder %s: others marked messages as deleted: ours stay "
			"marked beside them", s->base.account->name, buf_text(&f->shown));
	}
	uidset_clear(marked);
}

/* What an earlier run left: which of them are there, and not yet marked? */
static void ask_there(struct imap_source *s)
{
	struct imap_settling *t = &s->folder.settling;
	AUTO_UIDSET some = { 0 };
	AUTO_BUF text = { 0 };
	struct imap_flight *flight;

	uidset_take(&t->resumed, UINT64_MAX, IMAP_LINE_RANGES, &some);
	uidset_write(&some, &text);
	uidset_clear(&t->there);
	flight = imap_send(s, IMAP_JOB_THERE, "UID SEARCH UID %s UNDELETED", buf_text(&text));
	uidset_add_set(&flight->set, &some);
}

static void create(struct imap_source *s)
{
	AUTO_BUF quoted = { 0 };

	folder_quoted(s->folder.settling.plan.target, &quoted);
	s->folder.settling.create = false;
	s->folder.settling.created = true;
	imap_send(s, IMAP_JOB_CREATE, "CREATE %s", buf_text(&quoted));
}

/*
 * Who has not the right to delete (RFC 4314) may be told OK all the same: then what is
 * stored is still there, and would be fetched again, or copied again.
 */
static void pass_undeletable(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;
	struct uidset *queue = f->settling.queue;
	bool copies = !can(s, "MOVE") && !uidset_empty(&queue[IMAP_STAGE_MOVE]);
	struct fault why;

	if (!f->settling.undeletable || (!copies && uidset_empty(&queue[IMAP_STAGE_MARK])))
		return;
	if (copies)
		uidset_clear(&queue[IMAP_STAGE_MOVE]);
	uidset_clear(&queue[IMAP_STAGE_MARK]);
	f->pending = true;
	fault_set(&why, FAULT_CONFIG, "folder %s: stored messages stay there: the server does not "
		"let us delete in it (set keep = true)", buf_text(&f->shown));
	source_trouble(&s->base, &why);
}

bool imap_settle_early(const struct imap_source *s)
{
	uint64_t waiting = 0;

	for (int i = 0; i < IMAP_STAGE_EXPUNGE; i++)
		waiting += uidset_size(&s->folder.settling.queue[i]);
	return waiting >= EARLY || s->folder.settling.stored.count >= IMAP_WINDOW;
}

static bool at_it(const struct imap_source *s)
{
	return imap_count(s, IMAP_JOB_STAGE) || imap_count(s, IMAP_JOB_THERE) ||
		imap_count(s, IMAP_JOB_DELETED) || imap_count(s, IMAP_JOB_CREATE) ||
		imap_count(s, IMAP_JOB_ALL);
}

/* One command at a time; while the folder is being fetched nothing is expunged. */
int imap_settle(struct imap_source *s, bool *busy, struct fault *why)
{
	struct imap_settling *t = &s->folder.settling;
	bool fetching = s->step == IMAP_FETCHING;

	if (t->stored.count >= IMAP_WINDOW && imap_save(s, why) < 0)
		return -1;
	pass_undeletable(s);
	if (!at_it(s) && t->create)
		create(s);
	for (enum imap_stage stage = 0; stage < IMAP_STAGE_EXPUNGE && !at_it(s); stage++) {
		if (!uidset_empty(&t->queue[stage]) && send(s, stage, why) < 0)
			return -1;
	}
	if (!fetching && !at_it(s) && !uidset_empty(&t->resumed))
		ask_there(s);
	if (!fetching && !at_it(s) && t->stale)
		imap_rows_ask(s);
	if (!fetching && !at_it(s) && !uidset_empty(&t->queue[IMAP_STAGE_EXPUNGE])) {
		if (!can(s, "UIDPLUS"))
			expunge_plainly(s);
		else if (send(s, IMAP_STAGE_EXPUNGE, why) < 0)
			return -1;
	}
	*busy = at_it(s);
	return 0;
}

/* ---- answers ---- */

/* Not there any more: moved. Marked: copied, or deleted by others; in either case expunged. */
static void resume(struct imap_source *s, const struct uidset *asked)
{
	struct imap_settling *t = &s->folder.settling;
	AUTO_UIDSET rest = { 0 };

	uidset_add_set(&rest, asked);
	uidset_remove_set(&rest, &t->there);
	if (!uidset_empty(&t->there))
		uidset_add_set(&t->queue[first_stage(s)], &t->there);
	if (can(s, "MOVE"))
		finish(s, IMAP_STAGE_MOVE, &rest);
	else
		uidset_add_set(&t->queue[IMAP_STAGE_EXPUNGE], &rest);
}

static int stage_answered(struct imap_source *s, const struct imap_flight *flight,
	const struct imap_event *e, struct fault *why)
{
	struct imap_settling *t = &s->folder.settling;

	if (e->condition == IMAP_OK) {
		pass_on(s, flight->stage, &flight->set);
		return flight->stage >= IMAP_STAGE_MOVE ? imap_save(s, why) : 0;
	}
	if (flight->stage == IMAP_STAGE_MOVE && slice_is_case(e->code, "TRYCREATE") &&
		!t->created) {
		uidset_add_set(&t->queue[IMAP_STAGE_MOVE], &flight->set);
		t->create = true;
		return 0;
	}
	imap_note(s, FAULT_TEMP, refused[flight->stage], e);
	return 0;
}

int imap_settled(struct imap_source *s, struct imap_flight *flight,
	const struct imap_event *e, struct fault *why)
{
	struct imap_settling *t = &s->folder.settling;

	switch (flight->job) {
	case IMAP_JOB_STAGE:
		return stage_answered(s, flight, e, why);
	case IMAP_JOB_THERE:
		if (e->condition == IMAP_OK)
			resume(s, &flight->set);
		else
			imap_note(s, FAULT_TEMP, refused[IMAP_STAGE_MOVE], e);
		return 0;
	case IMAP_JOB_DELETED:
		t->others_known = e->condition == IMAP_OK;
		if (t->others_known)
			return 0;
		uidset_clear(&t->queue[IMAP_STAGE_EXPUNGE]);
		imap_note(s, FAULT_TEMP, refused[IMAP_STAGE_EXPUNGE], e);
		return 0;
	case IMAP_JOB_ALL:
		return imap_rows_listed(s, e, why);
	default:
		return 0; /* CREATE: the next MOVE says how it went */
	}
}
