/*
 * Decide: see decide.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/decide.h"

#include "deliver/recover.h"

static int is_stored(struct run *r, struct slice id, struct fault *why)
{
	return marks_have(&r->marks, id) ? 1 : ledger_is_done(r->ledger, id, why);
}

/* 1: the id may be decided on again; 0: no change to be hoped for, why tells; -1. */
static int recover_owner_of(struct run *r, long owner, struct fault *why)
{
	int got;

	if (owner == r->owner.number)
		return recover_self(r, why) < 0 ? -1 : 1;
	got = recover_owner(r, owner, why);
	if (got == 0)
		fault_set(why, FAULT_TEMP, "another mr-deliver is storing it");
	return got;
}

static int decide_id(struct run *r, struct slice id, enum verdict *out, struct fault *why)
{
	struct fault reason = { 0 };

	/* Once more after a recovery; what is pending then cannot be told now. */
	for (int i = 0; i < 2; i++) {
		long owner = 0;
		int got = is_stored(r, id, why);

		if (got != 0) {
			*out = VERDICT_STORED;
			return got < 0 ? -1 : 0;
		}
		got = ledger_pending_owner(r->ledger, id, &owner, why);
		if (got <= 0) {
			*out = VERDICT_WANTED;
			return got;
		}
		*out = VERDICT_DEFERRED;
		got = i == 0 ? recover_owner_of(r, owner, &reason) : 0;
		if (got < 0)
			*why = reason;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
	}
	*why = reason;
	if (why->kind == FAULT_NONE)
		fault_set(why, FAULT_TEMP, "it cannot be told now whether it was stored before");
	return 0;
}

int decide(struct run *r, const struct frame *f, enum verdict *out, struct fault *why)
{
	int done;

	*out = VERDICT_WANTED;
	if (f->id.len == 0)
		return 0;
	if (decide_id(r, buf_slice(&f->id), out, why) < 0)
		return -1;
	if (*out != VERDICT_WANTED || f->after.len == 0)
		return 0;
	done = is_stored(r, buf_slice(&f->after), why);
	if (done == 0) {
		*out = VERDICT_DEFERRED;
		fault_set(why, FAULT_TEMP, "the message it is a duplicate of is not stored yet");
	}
	return done < 0 ? -1 : 0;
}

static int forget_id(struct run *r, const struct unit *u, struct fault *why)
{
	if (ledger_begin(r->ledger, why) < 0)
		return -1;
	if (ledger_forget(r->ledger, buf_slice(&u->id), why) < 0) {
		ledger_rollback(r->ledger);
		return -1;
	}
	if (ledger_commit(r->ledger, why) < 0)
		return -1;
	return fault_set(why, FAULT_TEMP,
		"its identity was another message's; the next run stores it");
}

int decide_again(struct run *r, const struct unit *u, struct slice message_id,
	struct fault *why)
{
	int other = 0;

	if (r->ledger && u->id.len > 0)
		other = ledger_is_of_another(r->ledger, buf_slice(&u->id), message_id, why);
	return other == 1 ? forget_id(r, u, why) : other;
}
