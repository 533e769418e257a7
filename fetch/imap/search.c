/*
 * What is there and wanted: see imap.h. RFC 3501 section 6.4.4, RFC 4731.
 *
 * One search is in flight at a time: an answer does not tell whose it is.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/clock.h"
#include "fetch/imap/choose.h"

/* LIMIT: ranges of UIDs that a folder may be made of. */
enum { RANGES_MAX = 1000000 };
/* LIMIT: messages found beyond those that exist: some come and go while we look. */
enum { STRANGERS_MAX = 10000 };
/* LIMIT: whatever it says how many there are: numbers and ranges found by one search. */
enum { NUMBERS_MAX = 20000000 };

/* What lies behind the first known range: mostly that is all there is to ask for. */
static uint32_t search_from(const struct imap_source *s)
{
	bool kept = s->base.account->keep || imap_spares(s);
	const struct uidset *known = kept ? &s->folder.kept : &s->folder.leaving;

	if (known->count && known->at[0].first == 1 && known->at[0].last != UINT32_MAX)
		return known->at[0].last + 1;
	return 1;
}

static void send_search(struct imap_source *s, enum imap_job job, const char *keys)
{
	bool esearch = session_can(&s->base.session, "ESEARCH");

	imap_send(s, job, "UID SEARCH %s%s", esearch ? "RETURN (ALL) " : "", keys);
}

void imap_search(struct imap_source *s)
{
	const struct choose_way way = {
		.esearch = session_can(&s->base.session, "ESEARCH"),
		.literals = session_can(&s->base.session, "LITERAL+") ||
			session_can(&s->base.session, "LITERAL-"),
		.utf8 = s->folders.names.utf8,
	};

	s->step = IMAP_SEARCH;
	if (s->folder.mark) {
		send_search(s, IMAP_JOB_SEARCH, "UID 1:*");
		return;
	}
	strings_clear(&s->pieces);
	choose_search(&s->base.account->choice, &way, search_from(s), clock_wall(), &s->pieces);
	imap_send(s, IMAP_JOB_SEARCH, "%s", s->pieces.at[0]);
	s->piece = 1;
}

/* "+": the server waits for a literal. */
void imap_search_on(struct imap_source *s)
{
	if (s->step == IMAP_SEARCH && s->piece < s->pieces.count)
		wire_queuef(s->base.session.wire, "%s\r\n", s->pieces.at[s->piece++]);
}

/* Where the answer to a search of this kind goes; NULL: it is no search. */
static struct uidset *set_of(struct imap_folder *f, enum imap_job job)
{
	switch (job) {
	case IMAP_JOB_SEARCH:
		return &f->todo;
	case IMAP_JOB_ALL_UIDS:
		return &f->all;
	case IMAP_JOB_MISSING:
		return &f->gone;
	case IMAP_JOB_HIDDEN:
		return &f->hidden;
	case IMAP_JOB_THERE:
	case IMAP_JOB_ALL:
		return &f->settling.there;
	case IMAP_JOB_DELETED:
		return &f->settling.others;
	default:
		return NULL;
	}
}

int imap_found(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	uint64_t most = 2 * s->folder.exists + STRANGERS_MAX;
	struct uidset *set = NULL;

	if (most > NUMBERS_MAX)
		most = NUMBERS_MAX;
	if (++s->folder.numbers > most)
		return fault_set(why, FAULT_PROTOCOL,
			"folder %s: the server finds more than %llu messages in %llu",
			buf_text(&s->folder.shown), (unsigned long long)most,
			(unsigned long long)s->folder.exists);
	for (size_t i = 0; i < s->flying && !set; i++)
		set = set_of(&s->folder, s->flights[i].job);
	if (!set)
		return 0;
	uidset_gather(set, (uint32_t)e->number, (uint32_t)e->last);
	if (set->count > RANGES_MAX)
		return fault_set(why, FAULT_PROTOCOL, "more than %d ranges of UIDs", RANGES_MAX);
	return 0;
}

int imap_found_all(struct imap_source *s, enum imap_job job, struct fault *why)
{
	struct uidset *set = set_of(&s->folder, job);

	if (!set)
		return 0;
	uidset_sort(set);
	/* "1:4294967295" is short; to ask for all that would take years. */
	if (uidset_size(set) > 2 * s->folder.exists + STRANGERS_MAX)
		return fault_set(why, FAULT_PROTOCOL,
			"folder %s: the server finds %llu messages in %llu",
			buf_text(&s->folder.shown), (unsigned long long)uidset_size(set),
			(unsigned long long)s->folder.exists);
	return 0;
}

/* Marked as deleted by others, not fetched: somebody may take the mark off again. */
static void search_hidden(struct imap_source *s)
{
	const struct account *a = s->base.account;
	AUTO_BUF keys = { 0 };

	if (!(a->keep || choice_is_partial(&a->choice)) || !s->folder.next || s->folder.pending)
		return;
	buf_addf(&keys, "UID %u:* DELETED", search_from(s));
	send_search(s, IMAP_JOB_HIDDEN, buf_text(&keys));
	s->folder.looked = true;
}

/* The server refuses to search: in its own words, and as ours when it is our search. */
static void search_refused(struct imap_source *s, const struct imap_event *e)
{
	bool ours = s->base.account->choice.search && !imap_is_passing(e->code);

	imap_note(s, ours ? FAULT_CONFIG : FAULT_TEMP, ours ? "the server does not take the "
		"setting \"search\"" : "it cannot be searched", e);
	uidset_clear(&s->folder.todo);
}

/* What is there now was there before the first run. */
static void mark_all(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;

	uidset_add_set(&f->kept, &f->todo);
	uidset_clear(&f->todo);
	f->dirty = true;
}

/* newest: what is older than the `most` newest is known from now on; but not what is paused. */
static void pass_over(struct imap_source *s, uint64_t most)
{
	struct imap_folder *f = &s->folder;
	AUTO_UIDSET newest = { 0 };
	AUTO_UIDSET older = { 0 };

	uidset_add_set(&newest, &f->todo);
	uidset_keep_last(&newest, most);
	uidset_add_set(&older, &f->todo);
	uidset_remove_set(&older, &newest);
	for (size_t i = 0; i < f->paused.count; i++) {
		uint32_t uid = imap_paused_uid(f, slice_text(f->paused.at[i]));

		uidset_remove(&older, uid, uid);
	}
	uidset_remove_set(&f->todo, &older);
	uidset_add_set(&f->kept, &older);
	f->dirty |= !uidset_empty(&older);
}

/* What is paused and not due yet is left alone. */
int imap_searched(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	AUTO_STRINGS paused = { 0 };

	if (e->condition != IMAP_OK)
		search_refused(s, e);
	else if (f->mark)
		mark_all(s);
	imap_end_pauses(s);
	imap_forget_known(s, &f->todo);
	if (s->base.account->choice.newest)
		pass_over(s, (uint64_t)s->base.account->choice.newest);
	if (source_pauses(s->base.ledger, buf_text(&f->place), clock_wall(), &paused, why) < 0)
		return -1;
	for (size_t i = 0; i < paused.count; i++) {
		uint32_t uid = imap_paused_uid(f, slice_text(paused.at[i]));

		s->base.later += uidset_has(&f->todo, uid);
		uidset_remove(&f->todo, uid, uid);
	}
	search_hidden(s);
	s->step = IMAP_FETCHING;
	imap_size_up(s);
	return 0;
}

void imap_hidden_found(struct imap_source *s, const struct imap_event *e)
{
	imap_forget_known(s, &s->folder.hidden);
	s->folder.pending |= e->condition != IMAP_OK;
}
