/*
 * Locks on an mbox that other programs honour: fcntl first, then MAILBOX.lock (Debian
 * policy 11.6).
 *
 * Neither is waited for while the other is held: if the second cannot be had the first is
 * given back, so that programs with another order make progress.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_DOTLOCK_H
#define DELIVER_DOTLOCK_H

#include <stdbool.h>

#include "common/base/fault.h"

struct dotlock {
	char *path;    /* of the lock file while we hold it; NULL */
	bool helper;   /* made by dotlockfile(1), which has the right to */
	int64_t fresh; /* clock_tick of the last touch */
};

/*
 * Takes both locks on the mailbox `path`, open as fd. Waits at most `ms` milliseconds.
 * FAULT_TEMP names who holds it. Where the directory may not be written, and
 * /usr/bin/dotlockfile cannot help, the fcntl lock alone must do.
 */
int dotlock_take(int fd, const char *path, int64_t ms, struct dotlock *out, struct fault *why);

/* During long writes: keeps the lock file from looking stale. Cheap. */
void dotlock_touch(struct dotlock *lock);

void dotlock_release(int fd, struct dotlock *lock);

#endif
