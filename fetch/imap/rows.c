/*
 * Rows of the ledger about messages that are kept at the server: when they were stored, what
 * they are. See imap.h, common/mail/ledger/source.h.
 *
 * A row ends when we delete its message. What others delete is not told us, and asking at
 * each run would grow with the mailbox: rows may be more than messages, up to a bound; beyond
 * it the folder is listed once, and rows end that are about nothing.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/clock.h"

/* LIMIT: rows about nothing: so many, and a part of those about something. */
enum { STALE_MOST = 100, STALE_PART = 8 };

static int64_t due_before(const struct imap_source *s)
{
	return clock_wall() - s->base.account->after.delete_after / 1000;
}

bool imap_is_due(const struct imap_source *s, const char *place)
{
	int64_t oldest;
	struct fault ignored;

	if (!s->base.account->after.delete_after)
		return false;
	return source_letters_oldest(s->base.ledger, place, &oldest, &ignored) < 0 ||
		oldest < due_before(s);
}

/* ---- reading ---- */

static void take_due(void *arg, struct slice item, const struct source_letter *letter)
{
	struct uidset *due = arg;
	uint64_t uid;

	(void)letter;
	if (slice_number(item, &uid) && uid <= UINT32_MAX)
		uidset_add(due, (uint32_t)uid, (uint32_t)uid);
}

int imap_rows_uids(const struct imap_source *s, struct uidset *out, struct fault *why)
{
	return source_letters_read(s->base.ledger, buf_text(&s->folder.place), INT64_MAX, take_due,
		out, why);
}

int imap_rows_load(struct imap_source *s, bool anew, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	struct imap_settling *t = &f->settling;
	struct ledger *l = s->base.ledger;
	const char *place = buf_text(&f->place);
	uint64_t count;
	int64_t oldest;

	if (source_letters_oldest(l, place, &oldest, why) < 0)
		return -1;
	t->has_rows = oldest != INT64_MAX;
	t->ended_all = anew && t->has_rows;
	f->dirty |= t->ended_all;
	if (!t->has_rows || anew)
		return 0;
	/* Kept until now, and stored: it goes without another download. */
	if (!s->base.account->keep) {
		f->dirty = true;
		return imap_rows_uids(s, &f->leaving, why);
	}
	if (source_letters_count(l, place, &count, why) < 0)
		return -1;
	t->stale = count > f->exists + f->exists / STALE_PART + STALE_MOST;
	if (!imap_is_due(s, place))
		return 0;
	return source_letters_read(l, place, due_before(s), take_due, &t->due, why);
}

/* ---- rows about nothing ---- */

void imap_rows_ask(struct imap_source *s)
{
	s->folder.settling.stale = false;
	uidset_clear(&s->folder.settling.there);
	imap_send(s, IMAP_JOB_ALL, "UID SEARCH ALL");
}

static void take_stale(void *arg, struct slice item, const struct source_letter *letter)
{
	struct imap_folder *f = arg;
	uint64_t uid;

	(void)letter;
	if (slice_number(item, &uid) && uid <= UINT32_MAX &&
		!uidset_has(&f->settling.there, (uint32_t)uid))
		uidset_add(&f->settling.ended, (uint32_t)uid, (uint32_t)uid);
}

int imap_rows_listed(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	struct imap_folder *f = &s->folder;

	/* An empty answer with messages there is no answer. */
	if (e->condition != IMAP_OK || uidset_empty(&f->settling.there))
		return 0;
	f->dirty = true;
	return source_letters_read(s->base.ledger, buf_text(&f->place), INT64_MAX, take_stale, f,
		why);
}

/* ---- writing ---- */

int imap_rows_write(struct imap_source *s, struct fault *why)
{
	struct imap_settling *t = &s->folder.settling;
	struct ledger *l = s->base.ledger;
	const char *place = buf_text(&s->folder.place);
	AUTO_BUF item = { 0 };

	if (t->ended_all && source_letters_end(l, place, why) < 0)
		return -1;
	for (size_t i = 0; i < t->stored.count; i++) {
		const struct imap_letter *letter = &t->stored.at[i];

		if (imap_gmail_write(s, letter, why) < 0)
			return -1;
		if (!letter->kept)
			continue;
		buf_clear(&item);
		buf_addf(&item, "%u", letter->uid);
		if (source_letter_write(l, place, buf_slice(&item), &letter->row, why) < 0)
			return -1;
	}
	for (size_t i = 0; i < t->ended.count; i++) {
		for (uint64_t uid = t->ended.at[i].first; uid <= t->ended.at[i].last; uid++) {
			buf_clear(&item);
			buf_addf(&item, "%u", (unsigned)uid);
			if (source_letter_end(l, place, buf_slice(&item), why) < 0)
				return -1;
		}
	}
	return 0;
}

void imap_rows_written(struct imap_source *s)
{
	struct imap_settling *t = &s->folder.settling;

	t->stored.count = 0;
	t->ended_all = false;
	uidset_clear(&t->ended);
}
