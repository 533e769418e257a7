/*
 * What a message gets whose id is known (DESIGN section 4).
 *
 *	done                                     stored
 *	pending here, its place synced           stored
 *	pending at a live owner                  deferred
 *	pending at a dead owner, or left by us   recovery, then decide again
 *	a duplicate of one that is not done      deferred
 *	else                                     wanted
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_DECIDE_H
#define DELIVER_DECIDE_H

#include "deliver/run.h"

/* In VERDICT_DEFERRED why has the reason. -1: the ledger does not work. */
int decide(struct run *r, const struct frame *f, enum verdict *out, struct fault *why);

#endif
