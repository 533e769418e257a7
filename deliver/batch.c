/*
 * The group commit: see batch.h.
 *
 *	lock the mboxes, sync all files       what fails fails its message, without a trace
 *	commit the intents                    the commit point
 *	place, sync the places                what fails is left for recovery, or revoked
 *	hand on what is redirected
 *	receipts; "done" is marked later
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/batch.h"

#include "common/base/clock.h"
#include "common/base/say.h"
#include "deliver/loop.h"
#include "deliver/recover.h"

void batch_add(struct run *r, struct unit *u)
{
	if (r->count == 0)
		r->oldest = clock_tick();
	r->units = mem_grow(r->units, r->count + 1, sizeof(*r->units));
	r->units[r->count++] = u;
	r->bytes += u->size;
}

bool batch_is_full(const struct run *r)
{
	return r->count >= BATCH_MESSAGES || r->bytes >= BATCH_BYTES ||
		(r->count > 0 && clock_tick() - r->oldest >= BATCH_AGE_MS);
}

bool batch_has(const struct run *r, struct slice id)
{
	for (size_t i = 0; i < r->count && id.len > 0; i++) {
		if (slice_equal(buf_slice(&r->units[i]->id), id))
			return true;
	}
	return false;
}

/* The next part of a unit whose verdict is open, in one of two senses: with a mailbox or
 * not. Loops read: for (at = 0; (p = next(...)) != NULL;) */
static struct part *next_stored(struct run *r, size_t *unit, size_t *part)
{
	for (; *unit < r->count; ++*unit, *part = 0) {
		struct unit *u = r->units[*unit];

		if (u->verdict != VERDICT_WANTED)
			continue;
		while (*part < u->count) {
			struct part *p = &u->parts[(*part)++];

			if (p->state == PART_WANTED && p->entry.box)
				return p;
		}
	}
	return NULL;
}

static int by_path(const void *a, const void *b)
{
	const struct mailbox *const *one = a;
	const struct mailbox *const *two = b;

	return strcmp((*one)->path, (*two)->path);
}

/* All mboxes of the batch in the order of their names: two of us cannot wait for each other. */
static void lock_boxes(struct run *r)
{
	AUTO_FREE struct mailbox **boxes = NULL;
	size_t count = 0;
	size_t unit = 0;
	size_t part = 0;
	struct part *p;

	while ((p = next_stored(r, &unit, &part)) != NULL) {
		struct mailbox *box = p->entry.box;

		if (box->in_use)
			continue;
		box->in_use = true;
		boxes = mem_grow(boxes, count + 1, sizeof(struct mailbox *));
		boxes[count++] = box;
	}
	if (count > 0)
		qsort(boxes, count, sizeof(struct mailbox *), by_path);
	for (size_t i = 0; i < count; i++) {
		if (!boxes[i]->ops->lock)
			continue;
		boxes[i]->failed =
			(r->ledger && recover_path(r, boxes[i]->path, &boxes[i]->reason) < 0) ||
			boxes[i]->ops->lock(boxes[i], &boxes[i]->reason) < 0;
	}
}

static int secure_part(struct part *p, struct fault *why)
{
	if (p->entry.box->failed) {
		*why = p->entry.box->reason;
		return -1;
	}
	return p->entry.box->ops->secure(&p->entry, why);
}

static void secure_units(struct run *r)
{
	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];
		struct fault why = { 0 };

		/* All entries of a message are secured or none: so far nothing is to be repeated. */
		for (size_t j = 0; j < u->count && u->verdict == VERDICT_WANTED; j++) {
			struct part *p = &u->parts[j];

			if (p->state == PART_WANTED && p->entry.box && secure_part(p, &why) < 0)
				unit_fail(u, &why);
		}
	}
}

static int put_part(struct run *r, struct part *p, struct fault *why)
{
	struct intent *i = &p->entry.intent;
	enum intent_state state;

	if (p->state != PART_WANTED)
		return 0;
	if (ledger_intent_state(r->ledger, i, &state, why) < 0)
		return -1;
	if (state == INTENT_DONE) {
		if (p->started)
			p->entry.box->ops->drop(&p->entry);
		p->started = false;
		p->state = PART_NEEDLESS;
		return 0;
	}
	i->state = INTENT_PENDING;
	i->owner = r->owner.number;
	buf_set(&i->boot, slice_text(r->host.boot));
	i->made = clock_wall();
	return ledger_put_intent(r->ledger, i, why);
}

/* Within the transaction: another mr-deliver may have been quicker since the frame came. */
static int put_unit(struct run *r, struct unit *u, struct fault *why)
{
	struct fault reason = { 0 };
	long owner;
	int got;

	got = ledger_is_done(r->ledger, buf_slice(&u->id), why);
	if (got == 1)
		unit_drop(u, VERDICT_STORED);
	if (got != 0)
		return got < 0 ? -1 : 0;
	got = ledger_pending_owner(r->ledger, buf_slice(&u->id), &owner, why);
	if (got == 1) {
		fault_set(&reason, FAULT_TEMP, "another mr-deliver is storing it");
		unit_fail(u, &reason);
	}
	if (got != 0)
		return got < 0 ? -1 : 0;
	for (size_t i = 0; i < u->count; i++) {
		if (put_part(r, &u->parts[i], why) < 0)
			return -1;
	}
	return 0;
}

static bool has_intents(const struct run *r)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->units[i]->verdict == VERDICT_WANTED && r->units[i]->id.len > 0)
			return true;
	}
	return false;
}

static int put_units(struct run *r, struct fault *why)
{
	if (marks_put(&r->marks, r->ledger, why) < 0)
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		if (u->verdict == VERDICT_WANTED && u->id.len > 0 && put_unit(r, u, why) < 0)
			return -1;
	}
	return 0;
}

/* After a commit that failed it is not known what the ledger holds: what tmp/ has may be
 * what an intent speaks of. It is left; the next run's recovery knows. */
static void leave_all(struct run *r, const struct fault *why)
{
	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		if (u->verdict != VERDICT_WANTED)
			continue;
		for (size_t j = 0; j < u->count && u->id.len > 0; j++) {
			if (u->parts[j].started)
				u->parts[j].entry.box->ops->leave(&u->parts[j].entry);
			u->parts[j].started = false;
		}
		unit_fail(u, why);
	}
	r->unclean = true;
}

static void fail_all(struct run *r, const struct fault *why)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->units[i]->verdict == VERDICT_WANTED)
			unit_fail(r->units[i], why);
	}
}

/* The commit point. -1 only when it is not known which side of it we are on. */
static int commit_intents(struct run *r, struct fault *why)
{
	if (!has_intents(r))
		return 0;
	if (ledger_begin(r->ledger, why) < 0) {
		fail_all(r, why);
		return 0;
	}
	if (put_units(r, why) < 0) {
		ledger_rollback(r->ledger);
		fail_all(r, why);
		return 0;
	}
	if (ledger_commit(r->ledger, why) < 0) {
		leave_all(r, why);
		return -1;
	}
	marks_clear(&r->marks);
	return 0;
}

/* The rest of the way for a part whose intent is committed and which could not be placed. */
static void give_up(struct run *r, struct unit *u, struct part *p, const struct fault *why)
{
	p->state = PART_FAILED;
	u->why = *why;
	if (u->id.len > 0)
		p->entry.box->ops->leave(&p->entry);
	else
		p->entry.box->ops->drop(&p->entry);
	p->started = false;
	r->unclean = true;
}

static void place_all(struct run *r)
{
	size_t unit = 0;
	size_t part = 0;
	struct part *p;

	while ((p = next_stored(r, &unit, &part)) != NULL) {
		struct fault why = { 0 };

		if (p->entry.box->ops->place(&p->entry, &why) < 0)
			give_up(r, r->units[unit], p, &why);
	}
}

/* First the ledger forgets that it is in its place, then it is taken away: a crash between
 * the two makes a duplicate, never a loss. */
static int open_again(struct run *r, const struct mailbox *box, struct fault *why)
{
	size_t unit = 0;
	size_t part = 0;
	struct part *p;

	if (ledger_begin(r->ledger, why) < 0)
		return -1;
	while ((p = next_stored(r, &unit, &part)) != NULL) {
		if (p->entry.box != box || r->units[unit]->id.len == 0)
			continue;
		if (ledger_set_state(r->ledger, &p->entry.intent, INTENT_OPEN, "", why) < 0) {
			ledger_rollback(r->ledger);
			return -1;
		}
	}
	return ledger_commit(r->ledger, why);
}

/* A failed fsync is never repeated: what it covered is taken back. */
static void revoke_box(struct run *r, const struct mailbox *box, const struct fault *why)
{
	struct fault ignored = { 0 };
	const bool forgotten = !r->ledger || open_again(r, box, &ignored) == 0;
	size_t unit = 0;
	size_t part = 0;
	struct part *p;

	while ((p = next_stored(r, &unit, &part)) != NULL) {
		if (p->entry.box != box)
			continue;
		if (forgotten || r->units[unit]->id.len == 0)
			box->ops->revoke(&p->entry);
		give_up(r, r->units[unit], p, why);
	}
}

static void settle_all(struct run *r)
{
	for (size_t i = 0; i < r->targets.count; i++) {
		struct mailbox *box = r->targets.at[i];
		struct fault why = { 0 };

		if (box->in_use && !box->failed && box->ops->settle(box, &why) < 0)
			revoke_box(r, box, &why);
	}
}

/* Redirected only when all that is stored of it is: what must be repeated is least. */
static bool files_are_done(const struct unit *u)
{
	for (size_t i = 0; i < u->count; i++) {
		if (u->parts[i].state == PART_FAILED)
			return false;
	}
	return true;
}

static void fail_redirect(struct unit *u, struct part *p, const struct fault *why)
{
	p->state = PART_FAILED;
	p->asked = false;
	u->why = *why;
}

static bool is_redirect(const struct part *p)
{
	return p->kind == ACTION_REDIRECT && p->state == PART_WANTED && !p->entry.box;
}

static size_t ask_redirects(struct run *r)
{
	struct fault why = { 0 };
	bool gone = false;
	size_t asked = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		for (size_t j = 0; j < u->count; j++) {
			struct part *p = &u->parts[j];
			AUTO_BUF field = { 0 };

			if (u->verdict != VERDICT_WANTED || !is_redirect(p))
				continue;
			if (!files_are_done(u)) {
				p->state = PART_FAILED;
				continue;
			}
			loop_put_field(&field, buf_slice(&p->entry.intent.target));
			if (!gone && outgoing_put(&r->outgoing, slice_text(p->sender),
					     buf_slice(&p->entry.intent.target), buf_slice(&field), p->raw,
					     &p->ticket, &why) < 0)
				gone = true;
			p->asked = !gone;
			asked += p->asked;
			if (gone)
				fail_redirect(u, p, &why);
		}
	}
	return gone ? 0 : asked;
}

/* Gives the answer to the part that waits for it; with ticket NULL to all that still wait. */
static void answer_redirects(struct run *r, const uint64_t *ticket, bool queued,
	const struct fault *why)
{
	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		for (size_t j = 0; j < u->count; j++) {
			struct part *p = &u->parts[j];

			if (!p->asked || (ticket && p->ticket != *ticket))
				continue;
			p->asked = false;
			if (queued)
				p->state = PART_DONE;
			else
				fail_redirect(u, p, why);
		}
	}
}

static void redirect_all(struct run *r)
{
	size_t waiting = ask_redirects(r);
	struct fault why = { 0 };
	uint64_t ticket;

	if (waiting > 0 && outgoing_flush(&r->outgoing, &why) < 0)
		waiting = 0;
	for (; waiting > 0; waiting--) {
		int got = outgoing_answer(&r->outgoing, &ticket, &why);

		if (got < 0)
			break;
		answer_redirects(r, &ticket, got == 1, &why);
	}
	if (why.kind == FAULT_NONE)
		fault_set(&why, FAULT_TEMP, "mr-relay carry ended without an answer");
	answer_redirects(r, NULL, false, &why);
}

/* What is left of the actions of one message: all others have their state. */
static void conclude(struct unit *u)
{
	u->verdict = VERDICT_STORED;
	for (size_t i = 0; i < u->count; i++) {
		struct part *p = &u->parts[i];

		if (p->state == PART_WANTED && (p->entry.placed || p->kind == ACTION_DISCARD))
			p->state = PART_DONE;
		if (p->state != PART_DONE && p->state != PART_NEEDLESS)
			u->verdict = VERDICT_DEFERRED;
		/* Nothing of it is for drop any more: what was placed stays, the rest was left. */
		p->started = false;
	}
}

static void answer_all(struct run *r)
{
	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		if (u->verdict == VERDICT_WANTED) {
			conclude(u);
			marks_add(&r->marks, u, r->ledger && r->settings->ledger);
		}
		run_answer(r, u);
	}
	r->count = 0;
	r->bytes = 0;
}

int batch_commit(struct run *r, bool open, struct fault *why)
{
	int result;

	if (r->count == 0)
		return 0;
	lock_boxes(r);
	secure_units(r);
	result = commit_intents(r, why);
	if (result == 0) {
		place_all(r);
		settle_all(r);
		redirect_all(r);
	}
	answer_all(r);
	targets_release(&r->targets, !open);
	if (!open) {
		spool_empty(&r->spool);
		spool_empty(&r->outgoing.spool);
	}
	return result;
}
