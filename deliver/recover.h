/*
 * Recovery: what dead owners left is finished or opened again (DESIGN section 4).
 *
 * The free lock is taken and held; the owner's intents become ours in one transaction; each
 * kind of mailbox decides on its own (mailbox_ops.recover); places are synced before
 * anything is marked done. What cannot be told now stays pending. Then the temporary files
 * go that no intent speaks of.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_RECOVER_H
#define DELIVER_RECOVER_H

#include "deliver/run.h"

/* At the start: our own number's last owner, and all that are dead. */
int recover_all(struct run *r, struct fault *why);

/* One owner: 1 it is dead, and was recovered as far as can be (why: what is in the way);
 * 0 it lives; -1. */
int recover_owner(struct run *r, long number, struct fault *why);

/* What we could not finish ourselves. Marks are written first. */
int recover_self(struct run *r, struct fault *why);

/* Dead owners that have something pending in this mailbox. */
int recover_path(struct run *r, const char *path, struct fault *why);

#endif
