/*
 * The table of mailbox kinds, and the mailboxes that a run has open.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_TARGET_H
#define DELIVER_TARGET_H

#include "common/mail/folder.h"
#include "deliver/mailbox.h"

struct targets {
	const struct stores *stores;       /* borrowed */
	const struct surroundings *around; /* borrowed */
	struct mailbox **at;
	size_t count;
};

/* The kind with this scheme, or NULL. */
const struct mailbox_ops *target_kind(struct slice scheme);

/*
 * The mailbox of a folder, opened when it is not yet; NULL name: the inbox. A name that has
 * no place is FAULT_DATA, anything else FAULT_TEMP.
 */
int target_find(struct targets *t, const char *folder, struct mailbox **out,
	struct fault *why);

/*
 * Between batches: lets go of those that a batch has used, and, when no message that uses
 * one is arriving, closes them if there are many.
 */
void targets_release(struct targets *t, bool may_close);
void targets_close(struct targets *t);

#endif
