/*
 * Programs that we run: no shell unless it is named, no descriptor leaks, always waited
 * for, always with an end.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_CHILD_H
#define COMMON_BASE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* Where a standard descriptor of the child goes, besides a descriptor of ours (>= 0). */
enum { CHILD_INHERIT = -1, CHILD_NULL = -2, CHILD_PIPE = -3 };

/* What it may use; 0: as much as we may. */
struct child_limits {
	uint64_t seconds;   /* of processor time; then it gets SIGXCPU, a second later SIGKILL */
	uint64_t memory;    /* bytes of data; then it gets no more */
	uint64_t file_size; /* of each file that it writes; then it gets SIGXFSZ */
};

struct child_plan {
	char *const *argv;   /* argv[0] is looked up in PATH unless it has a slash */
	char *const *env;    /* NULL: ours */
	int in, out, err;    /* a descriptor or one of the three above */
	bool own_group;      /* a process group of its own: signals reach its children */
	bool own_session;    /* the same, and no terminal that it could ask */
	bool ends_with_us;   /* it gets SIGKILL when we end first; its own children do not */
	const struct child_limits *limits; /* NULL: ours, and core dumps as ours */
};

struct child {
	pid_t pid; /* 0 when none runs */
	int in;    /* our end of CHILD_PIPE, owned; else -1 */
	int out;
	int err;
	bool group; /* child_wait signals the whole group */
};

#define CHILD_NONE { .pid = 0, .in = -1, .out = -1, .err = -1 }

/*
 * Starts it. A program that cannot be executed is a fault here, not an exit status later:
 * FAULT_CONFIG when it does not exist, else FAULT_TEMP.
 */
int child_start(const struct child_plan *plan, struct child *out, struct fault *why);

/* A descriptor (close-on-exec, owned) that is readable once it has ended; -1 and errno. */
int child_handle(pid_t pid);

/*
 * Closes our ends and waits. At the deadline (clock_tick milliseconds, CLOCK_NEVER for
 * none): SIGTERM, two seconds later SIGKILL; with a group of its own, all that is left of it
 * gets SIGKILL once it has ended. *status gets the exit status, 128 + N for a signal.
 * Returns 0, or -1 (FAULT_TEMP) when the deadline struck.
 */
int child_wait(struct child *c, int64_t deadline, int *status, struct fault *why);

/*
 * Runs it with stdin closed (or `input` fed), stderr ours, collects at most `limit` bytes
 * of its stdout. A status other than 0, more output, or the deadline is FAULT_TEMP.
 */
int child_capture(char *const *argv, struct slice input, size_t limit, int64_t deadline,
	struct buf *out, struct fault *why);

/*
 * The path of a sibling program: NAME beside our own executable if it is there (a build
 * tree), else libexec's, else NAME for PATH. Owned text.
 */
char *child_sibling(const char *name);

#endif
