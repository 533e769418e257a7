/*
 * Redirects of a batch: see redirect.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/redirect.h"

#include "deliver/loop.h"

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

static int hand_on(struct run *r, struct part *p, struct fault *why)
{
	const struct slice recipient = buf_slice(&p->entry.intent.target);
	AUTO_BUF field = { 0 };

	loop_put_field(&field, recipient);
	return outgoing_put(&r->outgoing, slice_text(p->sender), recipient, buf_slice(&field),
		p->raw, &p->ticket, why);
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

			if (u->verdict != VERDICT_WANTED || !is_redirect(p))
				continue;
			if (!files_are_done(u)) {
				p->state = PART_FAILED;
				continue;
			}
			gone = gone || hand_on(r, p, &why) < 0;
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

void redirect_batch(struct run *r)
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
