/*
 * Recipients who have a message: see handed.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/handed.h"

#include "common/base/clock.h"
#include "common/mail/ledger/delivery.h"

static void fill(struct intent *i, const struct frame *frame, const char *target,
	const char *recipient)
{
	buf_add_slice(&i->id, buf_slice(&frame->id));
	buf_add_text(&i->kind, "hand");
	buf_addf(&i->target, "%s %s", target, recipient);
	buf_add_slice(&i->account, buf_slice(&frame->account));
	buf_add_slice(&i->source, buf_slice(&frame->folder));
	i->made = clock_wall();
}

int handed_read(struct ledger *l, const struct frame *frame, const char *target,
	const char *recipient, struct fault *why)
{
	struct intent i = { 0 };
	enum intent_state state;
	int result;

	fill(&i, frame, target, recipient);
	result = ledger_intent_state(l, &i, &state, why);
	intent_clear(&i);
	if (result < 0)
		return -1;
	return state == INTENT_DONE;
}

static int write_one(struct ledger *l, const struct frame *frame, const char *target,
	const char *recipient, struct fault *why)
{
	struct intent i = { 0 };
	int result;

	fill(&i, frame, target, recipient);
	result = ledger_put_intent(l, &i, why);
	if (result == 0)
		result = ledger_set_state(l, &i, INTENT_DONE, "others are still to be tried", why);
	intent_clear(&i);
	return result;
}

int handed_write(struct ledger *l, const struct frame *frame, const char *target,
	const struct strings *recipients, struct fault *why)
{
	if (ledger_begin(l, why) < 0)
		return -1;
	for (size_t i = 0; i < recipients->count; i++) {
		if (write_one(l, frame, target, recipients->at[i], why) < 0) {
			ledger_rollback(l);
			return -1;
		}
	}
	return ledger_commit(l, why);
}

int handed_end(struct ledger *l, const struct frame *frame, struct fault *why)
{
	if (ledger_begin(l, why) < 0)
		return -1;
	if (ledger_finish_if_complete(l, buf_slice(&frame->id), why) < 0) {
		ledger_rollback(l);
		return -1;
	}
	return ledger_commit(l, why);
}
