/*
 * A pipe of programs that we run: "mr-filter | mr-deliver", without a shell.
 *
 * Each program gets a process group of its own: an interrupt at the terminal reaches us
 * alone, and we end the pipe by closing its input. Their stderr is ours.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_PIPELINE_H
#define COMMON_BASE_PIPELINE_H

#include "common/base/child.h"

struct pipeline {
	struct child *programs;
	char **names; /* of the programs, as they were given */
	size_t count;
	int in;  /* owned: stdin of the first */
	int out; /* owned: stdout of the last */
};

#define PIPELINE_NONE { .in = -1, .out = -1 }
#define AUTO_PIPELINE __attribute__((cleanup(pipeline_end))) struct pipeline

/*
 * Starts it (see words.h for the text). A text that is no pipe is FAULT_USAGE; a program
 * that cannot be started is a fault that names it (FAULT_CONFIG when there is none), and
 * those before it are ended again.
 */
int pipeline_start(const char *text, struct pipeline *out, struct fault *why);

/*
 * Could it be started? FAULT_USAGE for a text that is no pipe, FAULT_CONFIG for a program
 * that is not there; nothing is run.
 */
int pipeline_check(const char *text, struct fault *why);

/*
 * Closes both ends and waits for all. *status gets the worst (status_worse); an exit
 * status that is none of fault.h's counts as 75. At the deadline those that still run are
 * ended. -1 (FAULT_TEMP, *status is filled, too): a program ended by a signal, with a
 * strange status, or was ended by us: then it has said nothing itself, and *why names it.
 */
int pipeline_wait(struct pipeline *p, int64_t deadline, int *status, struct fault *why);

/* Ends what still runs, waits for it and frees. */
void pipeline_end(struct pipeline *p);

#endif
