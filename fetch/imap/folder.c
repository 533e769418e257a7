/*
 * One folder after the other: see imap.h. RFC 3501 section 6.3.1, 6.4.4.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/clock.h"
#include "common/base/say.h"
#include "common/mail/mutf7.h"

/* LIMIT: ranges of UIDs that a folder may be made of. */
enum { RANGES_MAX = 1000000 };
/* LIMIT: how long the answer to LOGOUT is waited for. */
enum { LOGOUT_MS = 5000 };

void imap_folder_clear(struct imap_folder *f)
{
	struct uidset *sets[] = { &f->todo, &f->missing, &f->gone, &f->kept, &f->leaving,
		&f->marking, &f->marked, &f->others };

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		uidset_free(sets[i]);
	strings_free(&f->paused);
	strings_free(&f->pausing);
	strings_free(&f->unpausing);
	buf_free(&f->shown);
	buf_free(&f->place);
	*f = (struct imap_folder){ 0 };
}

void imap_note(struct imap_source *s, enum fault_kind kind, const char *what,
	const struct imap_event *e)
{
	AUTO_BUF text = { 0 };
	struct fault why;

	say_visible(&text, e->text);
	fault_set(&why, kind, "folder %s: %s: %s", buf_text(&s->folder.shown), what,
		buf_text(&text));
	source_trouble(&s->base, &why);
}

/* ---- the ledger ---- */

static int write_pauses(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	const char *place = buf_text(&f->place);

	for (size_t i = 0; i < f->pausing.count; i++) {
		if (source_pause_add(s->base.ledger, place, slice_text(f->pausing.at[i]),
			    clock_wall(), why) < 0)
			return -1;
	}
	for (size_t i = 0; i < f->unpausing.count; i++) {
		if (source_pause_end(s->base.ledger, place, slice_text(f->unpausing.at[i]),
			    why) < 0)
			return -1;
	}
	return 0;
}

int imap_save(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	struct source_folder row = { .validity = f->validity };
	int result;

	if (!f->dirty)
		return 0;
	if (ledger_begin(s->base.ledger, why) < 0)
		return -1;
	uidset_write(&f->kept, &row.kept);
	uidset_write(&f->leaving, &row.leaving);
	result = source_folder_write(s->base.ledger, buf_text(&f->place), &row, why);
	source_folder_free(&row);
	if (result < 0 || write_pauses(s, why) < 0) {
		ledger_rollback(s->base.ledger);
		return -1;
	}
	strings_clear(&f->pausing);
	strings_clear(&f->unpausing);
	f->dirty = false;
	return ledger_commit(s->base.ledger, why);
}

/* Another UIDVALIDITY: what was remembered is about other messages (RFC 3501, 2.3.1.1). */
static int load(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	struct source_folder row = { 0 };
	const char *place = buf_text(&f->place);
	bool ok = true;

	if (source_folder_read(s->base.ledger, place, &row, why) < 0 ||
		source_pauses(s->base.ledger, place, 0, &f->paused, why) < 0) {
		source_folder_free(&row);
		return -1;
	}
	if (row.validity == f->validity)
		ok = uidset_read(buf_slice(&row.kept), &f->kept) &&
			uidset_read(buf_slice(&row.leaving), &f->leaving);
	else if (row.kept.len)
		say("account %s: folder %s: its UIDVALIDITY changed: all its messages are new",
			s->base.account->name, buf_text(&f->shown));
	source_folder_free(&row);
	if (!ok)
		return fault_set(why, FAULT_TEMP, "folder %s: the ledger holds no set of UIDs",
			buf_text(&f->shown));
	if (s->base.account->keep)
		uidset_add_set(&f->kept, &f->leaving);
	else
		uidset_add_set(&f->marking, &f->leaving);
	return 0;
}

/* ---- select and search ---- */

static void select_next(struct imap_source *s)
{
	const char *wire = s->folders.wire.at[s->next++];
	AUTO_BUF quoted = { 0 };

	imap_folder_clear(&s->folder);
	folder_shown(&s->folders, wire, &s->folder.shown);
	buf_add_text(&s->folder.place, s->base.account->place);
	if (!mutf7_decode(slice_text(wire), &s->folder.place))
		buf_add_text(&s->folder.place, wire);
	source_stage(&s->base, "folder %s", buf_text(&s->folder.shown));
	folder_quoted(wire, &quoted);
	imap_send(s, IMAP_JOB_SELECT, "%s %s", s->base.account->keep ? "EXAMINE" : "SELECT",
		buf_text(&quoted));
	s->step = IMAP_SELECT;
}

static const struct uidset *remembered(const struct imap_source *s)
{
	return s->base.account->keep ? &s->folder.kept : &s->folder.leaving;
}

/* Asks only for what lies behind the first remembered range: mostly that is all. */
static void search(struct imap_source *s)
{
	const struct uidset *known = remembered(s);
	uint32_t from = 1;

	if (known->count && known->at[0].first == 1 && known->at[0].last != UINT32_MAX)
		from = known->at[0].last + 1;
	imap_send(s, IMAP_JOB_SEARCH, "UID SEARCH UID %u:* UNDELETED", from);
	s->step = IMAP_SEARCH;
}

static int selected(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	struct imap_folder *f = &s->folder;

	if (e->condition == IMAP_NO) {
		imap_note(s, FAULT_TEMP, "it cannot be opened", e);
		s->step = IMAP_NEXT;
		return 0;
	}
	if (f->validity == 0)
		return fault_set(why, FAULT_PROTOCOL, "the server gives no UIDVALIDITY");
	if (load(s, why) < 0)
		return -1;
	if (f->exists) {
		search(s);
		return 0;
	}
	f->dirty = !uidset_empty(&f->leaving);
	uidset_clear(&f->leaving);
	uidset_clear(&f->marking);
	s->step = IMAP_NEXT;
	return imap_save(s, why);
}

/* What is paused and not due yet is left alone. */
static int searched(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	AUTO_STRINGS paused = { 0 };

	if (e->condition == IMAP_NO) {
		imap_note(s, FAULT_TEMP, "it cannot be searched", e);
		uidset_clear(&f->todo);
	}
	uidset_remove_set(&f->todo, remembered(s));
	if (source_pauses(s->base.ledger, buf_text(&f->place), clock_wall(), &paused, why) < 0)
		return -1;
	for (size_t i = 0; i < paused.count; i++) {
		struct slice item = slice_text(paused.at[i]);
		struct slice validity;
		uint64_t number, uid;

		if (slice_cut(&item, '/', &validity) && slice_number(validity, &number) &&
			number == f->validity && item.ptr && slice_number(item, &uid) &&
			uid <= UINT32_MAX)
			uidset_remove(&f->todo, (uint32_t)uid, (uint32_t)uid);
	}
	s->step = IMAP_FETCHING;
	return 0;
}

static int validity_heard(struct imap_source *s, uint64_t validity, struct fault *why)
{
	struct imap_folder *f = &s->folder;

	if (s->step == IMAP_SELECT) {
		f->validity = validity;
		return 0;
	}
	if (validity == f->validity || s->step == IMAP_NEXT)
		return 0;
	/* What we know of UIDs is void: nothing may be marked by them any more. */
	uidset_clear(&f->marking);
	uidset_clear(&f->marked);
	return fault_set(why, FAULT_PROTOCOL, "UIDVALIDITY changed from %llu to %llu while at work",
		(unsigned long long)f->validity, (unsigned long long)validity);
}

static int found(struct imap_source *s, uint64_t number, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	struct uidset *set = imap_count(s, IMAP_JOB_SEARCH) ? &f->todo :
		imap_count(s, IMAP_JOB_MISSING) ? &f->gone :
		imap_count(s, IMAP_JOB_DELETED) ? &f->others : NULL;

	if (!set || number == 0)
		return 0;
	uidset_add(set, (uint32_t)number, (uint32_t)number);
	if (set->count > RANGES_MAX)
		return fault_set(why, FAULT_PROTOCOL, "more than %d ranges of UIDs", RANGES_MAX);
	return 0;
}

int imap_heard(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	uint64_t validity;

	if (e->kind == IMAP_STATUS && imap_code_number(e->code, "UIDVALIDITY", &validity))
		return validity_heard(s, validity, why);
	if (e->kind == IMAP_COUNT && slice_is_case(e->name, "EXISTS"))
		s->folder.exists = e->number;
	/* One EXPUNGE of ours is answered by one line for each message. */
	if (e->kind == IMAP_COUNT && slice_is_case(e->name, "EXPUNGE") && s->folder.exists) {
		s->folder.exists--;
		s->folder.chatter = 0;
	}
	if (e->kind == IMAP_FOUND)
		return found(s, e->number, why);
	return 0;
}

/* ---- the way through a folder ---- */

/* What FETCH did not give was deleted by others, or the server hides it from us. */
static void check_missing(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;
	AUTO_UIDSET some = { 0 };
	AUTO_BUF text = { 0 };

	uidset_take(&f->missing, UINT64_MAX, IMAP_LINE_RANGES, &some);
	uidset_write(&some, &text);
	imap_send(s, IMAP_JOB_MISSING, "UID SEARCH UID %s", buf_text(&text));
	uidset_clear(&f->missing);
}

static void missing_checked(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;
	struct fault why;

	s->step = IMAP_STORE;
	if (uidset_empty(&f->gone))
		return;
	fault_set(&why, FAULT_PROTOCOL,
		"folder %s: the server lists message %u and does not give it (%llu of them)",
		buf_text(&f->shown), f->gone.at[0].first,
		(unsigned long long)uidset_size(&f->gone));
	source_trouble(&s->base, &why);
}

int imap_answered(struct imap_source *s, struct imap_flight *flight,
	const struct imap_event *e, struct fault *why)
{
	switch (flight->job) {
	case IMAP_JOB_SELECT:
		return selected(s, e, why);
	case IMAP_JOB_SEARCH:
		return searched(s, e, why);
	case IMAP_JOB_FETCH:
		imap_fetched(s, flight, e);
		return 0;
	case IMAP_JOB_MISSING:
		missing_checked(s);
		return 0;
	case IMAP_JOB_LOGOUT:
		s->base.finished = true;
		return 0;
	default:
		return imap_settled(s, flight, e, why);
	}
}

/* The folder is read when nothing is in flight and each message has its receipt. */
static int fetch_on(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	bool busy;

	if (s->base.stopping) {
		uidset_clear(&f->todo);
		uidset_clear(&f->missing);
	}
	imap_ask_messages(s);
	if (uidset_size(&f->marking) >= IMAP_WINDOW / 4 && imap_settle(s, &busy, why) < 0)
		return -1;
	if (!uidset_empty(&f->todo) || s->flying || s->base.open || s->body != IMAP_BODY_IDLE)
		return 0;
	s->step = uidset_empty(&f->missing) ? IMAP_STORE : IMAP_MISSING;
	if (s->step == IMAP_MISSING)
		check_missing(s);
	return imap_save(s, why);
}

static void log_out(struct imap_source *s)
{
	source_stage(&s->base, "log out");
	imap_send(s, IMAP_JOB_LOGOUT, "LOGOUT");
	s->step = IMAP_LOGOUT;
	source_expect(&s->base, true);
	s->base.deadline = clock_deadline(LOGOUT_MS);
}

int imap_advance(struct imap_source *s, struct fault *why)
{
	enum imap_step was;
	bool busy;

	do {
		was = s->step;
		if (s->step == IMAP_FETCHING && fetch_on(s, why) < 0)
			return -1;
		if ((s->step == IMAP_STORE || s->step == IMAP_EXPUNGE) && s->flying == 0) {
			if (imap_settle(s, &busy, why) < 0)
				return -1;
			if (!busy)
				s->step = IMAP_NEXT;
		}
		if (s->step == IMAP_NEXT && s->flying == 0) {
			if (s->next < s->folders.wire.count && !s->base.stopping)
				select_next(s);
			else
				log_out(s);
		}
	} while (s->step != was);
	return 0;
}
