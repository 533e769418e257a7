/*
 * The runner that a submission starts: it stays until the queue is empty, so that what must
 * wait is sent without cron; at most one stays for a queue.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_STAY_H
#define RELAY_STAY_H

#include <signal.h>

#include "common/base/fault.h"
#include "relay/queue.h"

/*
 * Runs `pass` at once, whenever something enters the queue, and when the time comes that
 * pass names in *next; returns when *left is 0, when *stop is set, when the queue's
 * directory is gone, or when another process stays already. `pass` gives 1 done, 0 another
 * pass is at work, -1 it went wrong, which is no reason to leave. FAULT_TEMP: the queue
 * cannot be watched.
 */
struct stay_plan {
	int (*pass)(void *state, const struct queue *q, size_t *left, int64_t *next);
	void *state;
	const volatile sig_atomic_t *stop;
};

int stay(const struct stay_plan *plan, const struct queue *q, struct fault *why);

#endif
