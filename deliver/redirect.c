/*
 * Redirects of a batch: see redirect.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/redirect.h"

#include "deliver/handoff.h"
#include "deliver/loop.h"

static void fail_redirect(struct unit *u, struct part *p, const struct fault *why)
{
	p->state = PART_FAILED;
	u->why = *why;
}

static bool is_redirect(const struct part *p)
{
	return (p->action.kind == ACTION_REDIRECT || p->report) && p->state == PART_WANTED &&
		!p->entry.box;
}

/* A report comes from nobody (RFC 5321 section 4.5.5). */
static int hand_report_on(struct run *r, struct part *p, struct fault *why)
{
	const struct spooled nothing = { 0 };

	return outgoing_put(&r->outgoing, SLICE(""), slice_text(p->sender),
		slice_text(p->report), nothing, &p->ticket, why);
}

static int hand_on(struct run *r, struct part *p, struct fault *why)
{
	const struct slice recipient = buf_slice(&p->entry.intent.target);
	AUTO_BUF field = { 0 };

	if (p->report)
		return hand_report_on(r, p, why);
	loop_put_field(&field, recipient);
	return outgoing_put(&r->outgoing, slice_text(p->sender), recipient, buf_slice(&field),
		p->raw, &p->ticket, why);
}

static void told(struct run *r, struct unit *u, struct part *p, enum handoff answer,
	const struct fault *why)
{
	(void)r;
	if (answer == HANDOFF_QUEUED)
		p->state = PART_DONE;
	else
		fail_redirect(u, p, why);
}

/* How many wait for an answer. */
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
			/* Only when all that is stored of it is: what must be repeated is least. */
			if (unit_is_broken(u)) {
				p->state = PART_FAILED;
				continue;
			}
			gone = gone || hand_on(r, p, &why) < 0;
			p->asked = !gone;
			asked += p->asked;
			if (gone)
				fail_redirect(u, p, &why);
			if (asked < HANDOFF_MAX)
				continue;
			handoff_wait(r, asked, told);
			asked = 0;
		}
	}
	return gone ? 0 : asked;
}

void redirect_batch(struct run *r)
{
	handoff_wait(r, ask_redirects(r), told);
}
