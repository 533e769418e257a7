/*
 * What blocks (logging in, waiting for programs to end) is done by a thread.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_RUN_ERRAND_H
#define FETCH_RUN_ERRAND_H

#include <stdbool.h>

#include "common/base/fault.h"

struct errand;

/* Blocking; ends early when `cancel_fd` becomes readable. 0, or -1 and why. */
typedef int (*errand_run)(void *arg, int cancel_fd, struct fault *why);

/*
 * Starts it: `arg` belongs to the thread until errand_end. `done_fd` (an eventfd) is
 * written when it is over.
 */
int errand_start(errand_run run, void *arg, int cancel_fd, int done_fd, struct errand **out,
	struct fault *why);

/* Over? Does not wait. */
bool errand_is_over(struct errand *e);

/* Waits for it and frees it. 0, or -1 and why it failed. */
int errand_end(struct errand *e, struct fault *why);

#endif
