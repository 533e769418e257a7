/*
 * What a message gets whose id is known (DESIGN section 4).
 *
 *	done                                     stored
 *	pending here, its place synced           stored
 *	pending at a live owner                  deferred
 *	pending at a dead owner, or left by us   recovery, then decide again
 *	a duplicate of one that is not done      deferred
 *	done, but for another message            deferred, and the id is forgotten
 *	else                                     wanted
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_DECIDE_H
#define DELIVER_DECIDE_H

#include "deliver/run.h"

/* In VERDICT_DEFERRED why has the reason. -1: the ledger does not work. */
int decide(struct run *r, const struct frame *f, enum verdict *out, struct fault *why);

/*
 * A message whose id is done has arrived: is it the one that was stored? Servers give ids
 * away again, and to say "stored" would delete a message that nobody has. -1: it is not, or
 * that cannot be told; it is to be deferred.
 */
int decide_again(struct run *r, const struct unit *u, struct slice message_id,
	struct fault *why);

#endif
