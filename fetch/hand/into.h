/*
 * --into 'mr-filter | mr-deliver': the pipe that mr-fetch runs itself, without a shell.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_INTO_H
#define FETCH_HAND_INTO_H

#include "common/base/fault.h"

struct into;

/*
 * Nothing runs yet. FAULT_USAGE for a malformed line, FAULT_CONFIG for a program that does
 * not exist.
 */
int into_new(const char *pipeline, struct into **into, struct fault *why);
void into_free(struct into *into);

/*
 * Starts the programs, each in a process group of its own: a Ctrl-C is for mr-fetch, which
 * ends the stream in good order. *out is the first one's stdin, *in the last one's stdout
 * (both owned by the caller). `into` is a struct into: this is a feed_taker's start.
 */
int into_start(void *into, int *out, int *in, struct fault *why);

/*
 * Waits for all of them: the worst exit status; a signal, a strange status or no end is 75.
 * 0 when they were not started. They may be started again then.
 */
int into_wait(struct into *into);

#endif
