/*
 * Replies of a batch: see reply.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/reply.h"

#include "common/base/clock.h"
#include "common/base/say.h"
#include "common/mail/ledger/seen.h"
#include "deliver/copy.h"
#include "deliver/handoff.h"

/* Calls `each` for the parts that are due. */
static void each_due(struct run *r, const struct fault *why,
	void (*each)(struct run *r, struct unit *u, struct part *p, const struct fault *why))
{
	for (size_t i = 0; i < r->count; i++) {
		for (size_t j = 0; j < r->units[i]->count; j++) {
			if (r->units[i]->parts[j].due)
				each(r, r->units[i], &r->units[i]->parts[j], why);
		}
	}
}

/* All replies of messages of which nothing has failed. */
static size_t collect(struct run *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		for (size_t j = 0; j < u->count && u->verdict == VERDICT_WANTED; j++) {
			struct part *p = &u->parts[j];

			if (!part_is_reply(p) || p->state != PART_WANTED)
				continue;
			p->due = !unit_is_broken(u);
			p->state = p->due ? PART_WANTED : PART_FAILED;
			count += p->due;
		}
	}
	return count;
}

static struct slice handle_of(const struct part *p)
{
	return slice_text(p->action.handle ? p->action.handle : "");
}

static void finish(struct part *p, const char *note)
{
	p->due = false;
	p->state = PART_DONE;
	free(p->note);
	p->note = note ? mem_text(note) : NULL;
}

/* The message is tried again: nothing was marked. */
static void fail(struct run *r, struct unit *u, struct part *p, const struct fault *why)
{
	(void)r;
	p->due = false;
	p->state = PART_FAILED;
	u->why = *why;
}

static int mark_vacation(struct run *r, struct part *p, int64_t now, struct fault *why)
{
	const struct slice target = slice_text(p->action.target);
	int due = vacation_is_due(r->ledger, handle_of(p), target, now, why);

	if (due == 0)
		finish(p, "already answered");
	if (due != 1 || p->action.seconds == 0)
		return due < 0 ? -1 : 0;
	p->marked = true;
	return vacation_write(r->ledger, handle_of(p), target,
		seen_until(now, p->action.seconds), why);
}

/* Another mr-deliver may have been quicker. */
static int mark_part(struct run *r, struct unit *u, struct part *p, struct fault *why)
{
	struct intent *i = &p->entry.intent;
	const int64_t now = clock_wall();
	enum intent_state state = INTENT_NONE;

	if (u->id.len > 0 && ledger_intent_state(r->ledger, i, &state, why) < 0)
		return -1;
	if (state == INTENT_DONE || state == INTENT_PENDING) {
		p->due = false;
		p->state = PART_NEEDLESS;
		return 0;
	}
	if (p->action.kind == ACTION_VACATION && mark_vacation(r, p, now, why) < 0)
		return -1;
	if (!p->due || u->id.len == 0)
		return 0;
	i->state = INTENT_PENDING;
	return ledger_put_intent(r->ledger, i, why);
}

static int mark_parts(struct run *r, struct fault *why)
{
	if (seen_prune(r->ledger, clock_wall(), why) < 0)
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		for (size_t j = 0; j < u->count; j++) {
			if (u->parts[j].due && mark_part(r, u, &u->parts[j], why) < 0)
				return -1;
		}
	}
	return 0;
}

static int mark_all(struct run *r, struct fault *why)
{
	if (ledger_begin(r->ledger, why) < 0)
		return -1;
	if (mark_parts(r, why) < 0) {
		ledger_rollback(r->ledger);
		return -1;
	}
	return ledger_commit(r->ledger, why);
}

/* Its own mark only: another that stands there is of a reply that was sent. */
static void unmark(struct run *r, const struct part *p)
{
	struct fault why = { 0 };

	if (!p->marked || ledger_begin(r->ledger, &why) < 0)
		return;
	if (vacation_forget(r->ledger, handle_of(p), slice_text(p->action.target), &why) < 0) {
		ledger_rollback(r->ledger);
		return;
	}
	(void)ledger_commit(r->ledger, &why);
}

/* `known`: it is not in the queue, and the next message may be answered. */
static void give_up(struct run *r, const struct unit *u, struct part *p, bool known,
	const struct fault *why)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF note = { 0 };

	buf_addf(&text, "a %s to %s is %snot sent: %s", action_name(p->action.kind),
		p->action.target, known ? "" : "perhaps ", why->text);
	run_say(r, u, buf_text(&text));
	buf_addf(&note, "%snot sent: %s", known ? "" : "perhaps ", why->text);
	finish(p, buf_text(&note));
	if (known)
		unmark(r, p);
}

static void give_up_known(struct run *r, struct unit *u, struct part *p, const struct fault *why)
{
	give_up(r, u, p, true, why);
}

static void told(struct run *r, struct unit *u, struct part *p, enum handoff answer,
	const struct fault *why)
{
	if (answer != HANDOFF_QUEUED) {
		give_up(r, u, p, answer == HANDOFF_REFUSED, why);
		return;
	}
	finish(p, NULL);
	if (p->action.fcc)
		copy_add(r, u, p);
}

static int hand_on(struct run *r, struct part *p, struct fault *why)
{
	const struct spooled nothing = { 0 };

	return outgoing_put(&r->outgoing, slice_text(p->action.from ? p->action.from : ""),
		slice_text(p->action.target), slice_text(p->action.text), nothing, &p->ticket, why);
}

/* How many wait for an answer. When the child goes the rest was never given to it. */
static size_t ask(struct run *r)
{
	size_t asked = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		for (size_t j = 0; j < u->count; j++) {
			struct part *p = &u->parts[j];
			struct fault why = { 0 };

			if (!p->due)
				continue;
			p->asked = true;
			asked++;
			if (hand_on(r, p, &why) < 0) {
				p->asked = false;
				give_up(r, u, p, false, &why);
				return 0;
			}
			if (asked < HANDOFF_MAX)
				continue;
			handoff_wait(r, asked, told);
			asked = 0;
		}
	}
	return asked;
}

void reply_batch(struct run *r)
{
	struct fault why = { 0 };

	if (collect(r) == 0)
		return;
	if (outgoing_ready(&r->outgoing, &why) < 0) {
		each_due(r, &why, give_up_known);
		return;
	}
	if (mark_all(r, &why) < 0) {
		/* Whether the commit came through or not: they are not sent now. */
		r->unclean = true;
		each_due(r, &why, fail);
		return;
	}
	handoff_wait(r, ask(r), told);
	fault_set(&why, FAULT_TEMP, "mr-relay carry ended");
	each_due(r, &why, give_up_known);
}
