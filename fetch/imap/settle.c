/*
 * What was stored is settled at the server, as the account's plan says: see plan.h. What
 * commands that takes is in stages.c.
 *
 * The order, and why a kill at any moment leaves nothing stored twice, moved twice or lost:
 *
 * - A message has its receipt before anything is done with it. Its UID is then in `leaving`
 *   (something is still to be done there), for an account that keeps mail in `kept`, too, and
 *   that is in the ledger before the first command about it goes out: whatever comes next,
 *   it is not fetched again. It leaves `leaving` after the last command was answered. A run
 *   that is killed in between leaves it in `leaving`, and the next run begins it anew:
 * - Flags, marking as \Deleted, UID EXPUNGE: doing it twice is doing it once. UIDs are never
 *   given away again, so a command about a message that is gone is about nothing.
 * - MOVE: either it was done, and the UID is not there any more, or it was not.
 * - COPY, then \Deleted, then EXPUNGE, where there is no MOVE: \Deleted is only set after COPY
 *   was answered. So the next run asks which of `leaving` are there and not \Deleted: those
 *   are copied, the others are expunged. Killed between the answer to COPY and STORE, a
 *   message may stand twice in the other folder; it is always in one of the two.
 * - delete-after: what was stored has a row with the day; the row ends after EXPUNGE was
 *   answered. What is due is found by the rows each time, it is never in `leaving` for that.
 *   Rows are about one UIDVALIDITY, and are void with it.
 *
 * What the server refuses stays in `leaving` (or keeps its row), is told, and tried again by
 * the next run.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/clock.h"
#include "common/base/say.h"

/* LIMIT: messages that wait for a receipt nobody may ever give. */
enum { FED_MAX = 2 * IMAP_WINDOW };

void imap_settling_free(struct imap_settling *s)
{
	struct uidset *sets[] = { &s->resumed, &s->there, &s->others, &s->due, &s->ended };

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		uidset_free(sets[i]);
	for (size_t i = 0; i < IMAP_STAGES; i++)
		uidset_free(&s->queue[i]);
	imap_plan_free(&s->plan);
	buf_free(&s->permanent);
	imap_letters_free(&s->fed);
	imap_letters_free(&s->stored);
	*s = (struct imap_settling){ 0 };
}

bool imap_settle_begin(struct imap_source *s)
{
	imap_plan_make(s->base.account, s->target.len ? buf_text(&s->target) : NULL,
		&s->folder.settling.plan);
	return imap_plan_changes(&s->folder.settling.plan) ||
		imap_is_due(s, buf_text(&s->folder.place));
}

/* ---- the ledger ---- */

static int tell_lost(struct imap_source *s, const char *flag, struct fault *why)
{
	AUTO_BUF what = { 0 };
	bool first;

	buf_addf(&what, "flag %s", flag);
	if (source_told(s->base.ledger, buf_text(&s->folder.place), buf_slice(&what), &first,
		    why) < 0)
		return -1;
	if (first)
		say("account %s: folder %s: the server does not keep the flag %s: it is left alone",
			s->base.account->name, buf_text(&s->folder.shown), flag);
	return 0;
}

/* What the server does not keep is told once, and not asked of it. */
static int permit(struct imap_source *s, struct fault *why)
{
	struct imap_settling *t = &s->folder.settling;
	AUTO_STRINGS lost = { 0 };

	if (!t->permanent_known)
		return 0;
	imap_plan_permit(&t->plan, buf_slice(&t->permanent), &lost);
	if (lost.count == 0)
		return 0;
	if (ledger_begin(s->base.ledger, why) < 0)
		return -1;
	for (size_t i = 0; i < lost.count; i++) {
		if (tell_lost(s, lost.at[i], why) < 0) {
			ledger_rollback(s->base.ledger);
			return -1;
		}
	}
	return ledger_commit(s->base.ledger, why);
}

int imap_settle_load(struct imap_source *s, bool anew, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	struct imap_settling *t = &f->settling;

	if (permit(s, why) < 0 || imap_rows_load(s, anew, why) < 0)
		return -1;
	if (s->base.account->keep)
		uidset_add_set(&f->kept, &f->leaving);
	if (!imap_plan_changes(&t->plan)) {
		f->dirty |= !uidset_empty(&f->leaving);
		uidset_clear(&f->leaving);
	}
	uidset_add_set(&t->resumed, &f->leaving);
	uidset_remove_set(&t->resumed, &t->due);
	imap_stages_resume(s);
	return 0;
}

/* ---- what is heard ---- */

/* PERMANENTFLAGS SP "(" [flag-perm *(SP flag-perm)] ")" */
void imap_settle_heard(struct imap_source *s, struct slice code)
{
	struct imap_settling *t = &s->folder.settling;
	struct slice name;

	if (!slice_cut(&code, ' ', &name) || !slice_is_case(name, "PERMANENTFLAGS"))
		return;
	code = slice_trim(code);
	if (code.len < 2 || code.ptr[0] != '(' || code.ptr[code.len - 1] != ')')
		return;
	buf_set(&t->permanent, slice_of(code.ptr + 1, code.len - 2));
	t->permanent_known = true;
	t->undeletable = !imap_plan_lists(buf_slice(&t->permanent), SLICE("\\Deleted"));
}

void imap_settle_fed(struct imap_source *s)
{
	struct imap_settling *t = &s->folder.settling;
	struct imap_letter letter = { .uid = s->uid,
		.gmail_id = imap_gmail_stays(s) ? s->gmail_id : 0,
		.row = { .digest = s->base.letter.digest, .size = s->base.letter.size } };

	if (t->fed.count < FED_MAX)
		imap_letters_add(&t->fed, &letter);
}

static void put_item(const struct imap_folder *f, uint32_t uid, struct buf *out)
{
	buf_addf(out, "%llu/%u", (unsigned long long)f->validity, uid);
}

void imap_settle_stored(struct imap_source *s, struct imap_letter *letter)
{
	struct imap_folder *f = &s->folder;
	bool keep = s->base.account->keep;
	AUTO_BUF item = { 0 };

	f->dirty = true;
	put_item(f, letter->uid, &item);
	if (strings_has(&f->paused, buf_text(&item)))
		strings_add(&f->unpausing, buf_slice(&item));
	if (keep)
		uidset_add(&f->kept, letter->uid, letter->uid);
	letter->row.at = clock_wall();
	letter->kept = keep && f->settling.plan.end == IMAP_KEEP;
	if (letter->kept || letter->gmail_id)
		imap_letters_add(&f->settling.stored, letter);
	if (!imap_plan_changes(&f->settling.plan))
		return;
	uidset_add(&f->leaving, letter->uid, letter->uid);
	imap_stages_begin(s, letter->uid);
}

void imap_receipt(struct source *base, uint64_t key, enum receipt_verdict verdict)
{
	struct imap_source *s = (struct imap_source *)base;
	struct imap_folder *f = &s->folder;
	struct imap_letter letter;
	AUTO_BUF item = { 0 };

	f->dirty = true;
	put_item(f, (uint32_t)key, &item);
	if ((key & IMAP_EXCERPT_KEY) && verdict == RECEIPT_STORED) {
		uidset_add(&f->headed, (uint32_t)key, (uint32_t)key);
		if (strings_has(&f->paused, buf_text(&item)))
			strings_add(&f->unpausing, buf_slice(&item));
		return;
	}
	(void)imap_letters_take(&f->settling.fed, (uint32_t)key, &letter);
	if (verdict != RECEIPT_STORED) {
		strings_add(&f->pausing, buf_slice(&item));
		return;
	}
	imap_settle_stored(s, &letter);
}

void imap_settle_twin(struct imap_source *s)
{
	struct imap_letter letter = { .uid = s->uid };

	imap_settle_stored(s, &letter);
}

void imap_settle_empty(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;

	f->dirty |= !uidset_empty(&f->leaving) || f->settling.has_rows;
	f->settling.ended_all = f->settling.has_rows;
	uidset_clear(&f->leaving);
	imap_settle_forget(s);
}

void imap_settle_forget(struct imap_source *s)
{
	struct imap_settling *t = &s->folder.settling;

	for (size_t i = 0; i < IMAP_STAGES; i++)
		uidset_clear(&t->queue[i]);
	uidset_clear(&t->resumed);
	uidset_clear(&t->due);
}
