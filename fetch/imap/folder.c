/*
 * One folder after the other: see imap.h. RFC 3501 section 6.3.1, 6.4.4.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/decide.h"

#include "common/base/clock.h"
#include "common/base/say.h"

/* LIMIT: how long the answer to LOGOUT is waited for. */
enum { LOGOUT_MS = 5000 };

/* Codes after which to ask for more makes it worse: the account ends here for this run. */
static bool is_full(struct slice code)
{
	return slice_is_case(code, "THROTTLED") || slice_is_case(code, "LIMIT") ||
		slice_is_case(code, "UNAVAILABLE");
}

void imap_note(struct imap_source *s, enum fault_kind kind, const char *what,
	const struct imap_event *e)
{
	AUTO_BUF text = { 0 };
	struct fault why;

	s->folder.pending = true;
	if (is_full(e->code))
		s->base.stopping = true;
	if (e->code.len) {
		buf_add_byte(&text, '[');
		say_visible(&text, e->code);
		buf_add_text(&text, "] ");
	}
	say_visible(&text, e->text);
	fault_set(&why, kind, "folder %s: %s: %s", buf_text(&s->folder.shown), what,
		buf_text(&text));
	source_trouble(&s->base, &why);
}

/* ---- select and search ---- */

/* RFC 5530, RFC 9051 section 7.1; [THROTTLED] is Gmail's and Yahoo's. */
bool imap_is_passing(struct slice code)
{
	static const char *const codes[] = { "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG",
		"THROTTLED", "CONTACTADMIN", "EXPUNGEISSUED", "CORRUPTION", "OVERQUOTA" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (slice_is_case(code, codes[i]))
			return true;
	}
	return false;
}

void imap_place(const struct imap_source *s, const char *wire, struct buf *out)
{
	buf_add_text(out, s->base.account->place);
	folder_place(&s->folders.names, wire, out);
}

static void select_next(struct imap_source *s)
{
	const char *wire = s->folders.at[s->next++].wire;
	AUTO_BUF quoted = { 0 };

	imap_folder_clear(&s->folder);
	s->base.unheard = false;
	folder_shown(&s->folders.names, wire, &s->folder.shown);
	imap_place(s, wire, &s->folder.place);
	s->folder.mark = s->known[s->next - 1].mark;
	source_stage(&s->base, "folder %s", buf_text(&s->folder.shown));
	folder_quoted(wire, &quoted);
	if (imap_settle_begin(s))
		s->known[s->next - 1].written = true;
	imap_send(s, IMAP_JOB_SELECT, "%s %s",
		s->known[s->next - 1].written ? "SELECT" : "EXAMINE", buf_text(&quoted));
	s->step = IMAP_SELECT;
}

/*
 * Courier gives UIDs to a mailbox that was never selected anew each time, with another
 * UIDVALIDITY: it writes them down for SELECT only. Whoever keeps all mail would hear of
 * nothing but changes, for ever.
 */
static bool select_again(struct imap_source *s)
{
	if (!s->folder.renumbering || s->known[s->next - 1].written)
		return false;
	s->known[s->next - 1].written = true;
	s->next--;
	select_next(s);
	return true;
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
	if (imap_load(s, why) < 0)
		return -1;
	if (select_again(s))
		return 0;
	f->mark &= uidset_empty(&f->kept) && uidset_empty(&f->leaving);
	/* Flags come and go without news. */
	f->pending |= s->base.account->choice.search || s->base.account->choice.unseen;
	if (f->exists && f->renumbering)
		return imap_renumber(s, why);
	f->renumbering = false;
	if (f->exists) {
		imap_search(s);
		return 0;
	}
	imap_settle_empty(s);
	imap_end_pauses(s);
	return imap_leave(s, why);
}

static int validity_heard(struct imap_source *s, uint64_t validity, struct fault *why)
{
	struct imap_folder *f = &s->folder;

	/* Zero is none (RFC 3501 section 9: nz-number), but the server means one. */
	if (validity == 0)
		validity = (uint64_t)UINT32_MAX + 1;
	if (s->step == IMAP_SELECT) {
		f->validity = validity;
		return 0;
	}
	if (validity == f->validity || s->step == IMAP_NEXT)
		return 0;
	/* What we know of UIDs is void: nothing may be marked by them any more. */
	imap_settle_forget(s);
	return fault_set(why, FAULT_PROTOCOL, "UIDVALIDITY changed from %llu to %llu while at work",
		(unsigned long long)f->validity, (unsigned long long)validity);
}

int imap_heard(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	uint64_t validity;

	if (e->kind == IMAP_STATUS && imap_code_number(e->code, "UIDVALIDITY", &validity))
		return validity_heard(s, validity, why);
	if (e->kind == IMAP_STATUS && s->step == IMAP_SELECT) {
		(void)imap_code_number(e->code, "UIDNEXT", &s->folder.next);
		imap_settle_heard(s, e->code);
	}
	if (e->kind == IMAP_GO_ON)
		imap_search_on(s);
	if (e->kind == IMAP_DATA && slice_is_case(e->name, "STATUS"))
		return imap_news_heard(s, e, why);
	if (e->kind == IMAP_COUNT && slice_is_case(e->name, "EXISTS"))
		s->folder.exists = e->number;
	if (e->kind == IMAP_COUNT && slice_is_case(e->name, "EXPUNGE") && s->folder.exists)
		s->folder.exists--;
	if (e->kind == IMAP_FOUND)
		return imap_found(s, e, why);
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
	f->pending |= !uidset_empty(&f->missing);
	uidset_clear(&f->missing);
}

static void missing_checked(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;
	struct fault why;

	s->step = IMAP_SETTLING;
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
	if (imap_found_all(s, flight->job, why) < 0)
		return -1;
	switch (flight->job) {
	case IMAP_JOB_STATUS:
		return 0; /* NO: selecting it will say why */
	case IMAP_JOB_SELECT:
		return selected(s, e, why);
	case IMAP_JOB_SEARCH:
		return imap_searched(s, e, why);
	case IMAP_JOB_FETCH:
		imap_fetched(s, flight, e);
		return 0;
	case IMAP_JOB_ALL_UIDS:
		imap_renumber_listed(s, e);
		return 0;
	case IMAP_JOB_SURVEY:
		imap_surveyed(s, e);
		return 0;
	case IMAP_JOB_HIDDEN:
		imap_hidden_found(s, e);
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
		uidset_clear(&f->undecided);
		uidset_clear(&f->large);
		uidset_clear(&f->missing);
	}
	if (imap_decide_more(s))
		return 0;
	imap_ask_messages(s);
	if (imap_settle_early(s) && imap_settle(s, &busy, why) < 0)
		return -1;
	if (!uidset_empty(&f->todo) || !uidset_empty(&f->large) || s->flying || s->base.open ||
		s->body != IMAP_BODY_IDLE)
		return 0;
	s->step = uidset_empty(&f->missing) ? IMAP_SETTLING : IMAP_MISSING;
	if (s->step == IMAP_MISSING)
		check_missing(s);
	return imap_save(s, why);
}

void imap_log_out(struct imap_source *s)
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
		if (s->step == IMAP_NEWS && imap_ask_news(s, why) < 0)
			return -1;
		if (s->step == IMAP_SURVEY && imap_survey_step(s, why) < 0)
			return -1;
		if (s->step == IMAP_FETCHING && fetch_on(s, why) < 0)
			return -1;
		if (s->step == IMAP_SETTLING && s->flying == 0) {
			if (imap_settle(s, &busy, why) < 0)
				return -1;
			if (!busy && imap_leave(s, why) < 0)
				return -1;
		}
		if (s->step == IMAP_NEXT && s->flying == 0) {
			while (s->next < s->folders.count && imap_is_quiet(s, s->next))
				s->next++;
			if (s->next < s->folders.count && !s->base.stopping)
				select_next(s);
			else if (imap_may_rest(s))
				imap_rest(s);
			else
				imap_log_out(s);
		}
	} while (s->step != was);
	return 0;
}
