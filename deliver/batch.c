/*
 * The group commit: see batch.h.
 *
 *	lock the mboxes, sync all files       what fails fails its message, without a trace
 *	commit the intents                    the commit point
 *	place, sync the places                what fails is left for recovery, or revoked
 *	run the programs                      a message that one does not take is kept: the same
 *	                                      steps again for it
 *	hand on what is redirected
 *	mark what is replied, then send it
 *	receipts; "done" is marked later
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/batch.h"

#include "common/base/clock.h"
#include "deliver/pipe.h"
#include "deliver/place.h"
#include "deliver/recover.h"
#include "deliver/redirect.h"
#include "deliver/reply.h"

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

	while ((p = run_next_stored(r, &unit, &part)) != NULL) {
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

static void secure_units(struct run *r, bool again)
{
	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];
		struct fault why = { 0 };

		/* All entries of a message or none: so far nothing is to be repeated. */
		for (size_t j = 0; j < u->count && u->verdict == VERDICT_WANTED; j++) {
			struct part *p = &u->parts[j];

			if (p->state != PART_WANTED || !p->entry.box || secure_part(p, &why) == 0)
				continue;
			if (!again)
				unit_fail(u, &why);
			else
				pipe_fail(u, p, &why);
		}
	}
}

static int put_part(struct run *r, struct part *p, bool changed, struct fault *why)
{
	struct intent *i = &p->entry.intent;
	enum intent_state state = INTENT_NONE;

	if (p->state != PART_WANTED)
		return 0;
	if (changed && ledger_intent_state(r->ledger, i, &state, why) < 0)
		return -1;
	if (state == INTENT_DONE) {
		if (p->started)
			p->entry.box->ops->drop(&p->entry);
		p->started = false;
		p->state = PART_NEEDLESS;
		return 0;
	}
	/* Replies are nobody's until all that is stored of the message is in its place. */
	i->state = part_is_reply(p) ? INTENT_OPEN : INTENT_PENDING;
	i->owner = r->owner.number;
	buf_set(&i->boot, slice_text(r->host.boot));
	i->made = clock_wall();
	if (ledger_put_intent(r->ledger, i, why) < 0)
		return -1;
	if (p->action.kind != ACTION_MARK)
		return 0;
	return marks_see(r->ledger, i, p->action.seconds, p->action.last, why);
}

/* Another mr-deliver may have been quicker since the frame came. */
static int look_again(struct run *r, struct unit *u, struct fault *why)
{
	struct fault reason = { 0 };
	long owner;
	int got;

	got = ledger_is_done(r->ledger, buf_slice(&u->id), why);
	if (got == 1)
		unit_drop(u, VERDICT_STORED);
	if (got != 0)
		return got < 0 ? -1 : 0;
	/* Ours: the second commit, for what a program did not take. */
	got = ledger_pending_owner(r->ledger, buf_slice(&u->id), &owner, why);
	if (got == 1 && owner != r->owner.number) {
		fault_set(&reason, FAULT_TEMP, "another mr-deliver is storing it");
		unit_fail(u, &reason);
	}
	return got < 0 ? -1 : 0;
}

/* Within the transaction. */
static int put_unit(struct run *r, struct unit *u, bool changed, struct fault *why)
{
	if (changed && look_again(r, u, why) < 0)
		return -1;
	for (size_t i = 0; i < u->count && u->verdict == VERDICT_WANTED; i++) {
		if (put_part(r, &u->parts[i], changed, why) < 0)
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
	int64_t version;

	if (ledger_version(r->ledger, &version, why) < 0)
		return -1;
	if (marks_put(&r->marks, r->ledger, why) < 0)
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		if (u->verdict == VERDICT_WANTED && u->id.len > 0 &&
			put_unit(r, u, version != r->version, why) < 0)
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

static bool needs_nothing(const struct part *p)
{
	return p->action.kind == ACTION_DISCARD || p->action.kind == ACTION_MARK || p->refused;
}

/* What is left of the actions of one message: all others have their state. */
static void conclude(struct unit *u)
{
	u->verdict = VERDICT_STORED;
	for (size_t i = 0; i < u->count; i++) {
		struct part *p = &u->parts[i];

		if (p->state == PART_WANTED && (p->entry.placed || needs_nothing(p)))
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

/* What is in its place is done, whatever becomes of the rest of its message. */
static void finish_placed(struct run *r)
{
	for (size_t i = 0; i < r->count; i++) {
		for (size_t j = 0; j < r->units[i]->count; j++) {
			struct part *p = &r->units[i]->parts[j];

			if (p->state != PART_WANTED || !p->entry.placed)
				continue;
			p->state = PART_DONE;
			p->started = false;
		}
	}
}

/* `again`: what programs did not take, behind a batch whose intents are ours already. */
static int store(struct run *r, bool again, struct fault *why)
{
	lock_boxes(r);
	secure_units(r, again);
	if (again && r->ledger && ledger_version(r->ledger, &r->version, why) < 0)
		return -1;
	if (commit_intents(r, why) < 0)
		return -1;
	place_batch(r);
	finish_placed(r);
	return 0;
}

static int carry_out(struct run *r, struct fault *why)
{
	int result = store(r, false, why);

	/* All is in its place: a program may want to store there, or take its time. */
	targets_release(&r->targets, false);
	if (result == 0 && pipe_batch(r) > 0) {
		r->unclean = true;
		result = store(r, true, why);
	}
	if (result == 0) {
		redirect_batch(r);
		reply_batch(r);
	}
	answer_all(r);
	return result;
}

/* Copies of what was sent: a batch of their own, for only now it is known to be sent. */
static int carry_out_copies(struct run *r, struct fault *why)
{
	struct unit **done = r->units;

	targets_release(&r->targets, false);
	r->units = r->copies;
	r->count = r->copy_count;
	r->copies = done;
	r->copy_count = 0;
	return carry_out(r, why);
}

int batch_commit(struct run *r, bool open, struct fault *why)
{
	int result;

	if (r->count == 0)
		return 0;
	result = carry_out(r, why);
	if (result == 0 && r->copy_count > 0)
		result = carry_out_copies(r, why);
	targets_release(&r->targets, !open);
	if (!open) {
		spool_empty(&r->spool);
		spool_empty(&r->outgoing.spool);
	}
	return result;
}
