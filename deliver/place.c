/*
 * Placing: see place.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/place.h"

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

	while ((p = run_next_stored(r, &unit, &part)) != NULL) {
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
	while ((p = run_next_stored(r, &unit, &part)) != NULL) {
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

	while ((p = run_next_stored(r, &unit, &part)) != NULL) {
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

void place_batch(struct run *r)
{
	place_all(r);
	settle_all(r);
}
