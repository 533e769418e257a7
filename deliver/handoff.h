/*
 * The answers of the child that takes outgoing mail (outgoing.h), given to those parts of the
 * batch that wait for them (part.asked, part.ticket).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_HANDOFF_H
#define DELIVER_HANDOFF_H

#include "deliver/run.h"

/*
 * LIMIT: texts that wait for an answer. It writes its answers while we write texts: what it
 * says of so many fits into a pipe, else each could wait for the other.
 */
enum { HANDOFF_MAX = 50 };

enum handoff {
	HANDOFF_QUEUED,
	HANDOFF_REFUSED, /* it is not in the queue, `why` says why */
	HANDOFF_UNKNOWN, /* there was no answer */
};

/*
 * Asks for the answers and waits for them; `waiting` parts have asked. Calls `told` once for
 * each of these, the last ones with HANDOFF_UNKNOWN when the child is gone.
 */
void handoff_wait(struct run *r, size_t waiting,
	void (*told)(struct run *r, struct unit *u, struct part *p, enum handoff answer,
		const struct fault *why));

#endif
