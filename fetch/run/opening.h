/*
 * Logging in blocks (names, TLS, password commands): each account does it in a thread.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_RUN_OPENING_H
#define FETCH_RUN_OPENING_H

#include "fetch/source.h"

struct opening;

/*
 * Starts it: `s` belongs to the thread until opening_end. `done_fd` (an eventfd) is
 * written when it is over, `cancel_fd` readable ends it early.
 */
int opening_start(struct source *s, int cancel_fd, int done_fd, struct opening **out,
	struct fault *why);

/* Over? Does not wait. */
bool opening_is_over(struct opening *o);

/* Waits for it and frees it. 0, or -1 and why it failed. */
int opening_end(struct opening *o, struct fault *why);

#endif
