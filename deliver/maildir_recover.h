/*
 * What a dead owner left in a Maildir (the part of mailbox_maildir that recover.h calls).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_MAILDIR_RECOVER_H
#define DELIVER_MAILDIR_RECOVER_H

#include "deliver/mailbox.h"

/* Seconds after which cleaners may take a file out of tmp/ (the specification). */
enum { MAILDIR_CLEAN_AGE = 36 * 3600 };

enum finding maildir_recover(const struct intent *i, const struct surroundings *around,
	int64_t now, struct fault *why);
int maildir_recover_sync(const char *path, struct fault *why);
int maildir_sweep(const char *path, const struct owner *owner, const struct host *host,
	struct ledger *ledger, struct fault *why);

#endif
