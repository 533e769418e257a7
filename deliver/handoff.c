/*
 * Answers to outgoing mail: see handoff.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/handoff.h"

/* To the part that waits for it; with ticket NULL to all that still wait. */
static void give(struct run *r, const uint64_t *ticket, enum handoff answer,
	const struct fault *why,
	void (*told)(struct run *r, struct unit *u, struct part *p, enum handoff answer,
		const struct fault *why))
{
	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		for (size_t j = 0; j < u->count; j++) {
			struct part *p = &u->parts[j];

			if (!p->asked || (ticket && p->ticket != *ticket))
				continue;
			p->asked = false;
			told(r, u, p, answer, why);
		}
	}
}

void handoff_wait(struct run *r, size_t waiting,
	void (*told)(struct run *r, struct unit *u, struct part *p, enum handoff answer,
		const struct fault *why))
{
	struct fault why = { 0 };
	uint64_t ticket;

	if (waiting > 0 && outgoing_flush(&r->outgoing, &why) < 0)
		waiting = 0;
	for (; waiting > 0; waiting--) {
		int got = outgoing_answer(&r->outgoing, &ticket, &why);

		if (got < 0)
			break;
		give(r, &ticket, got == 1 ? HANDOFF_QUEUED : HANDOFF_REFUSED, &why, told);
	}
	if (why.kind == FAULT_NONE)
		fault_set(&why, FAULT_TEMP, "mr-relay carry ended without an answer");
	give(r, NULL, HANDOFF_UNKNOWN, &why, told);
}
