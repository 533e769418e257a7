/*
 * Programs that rules run: by a plain name, from one folder, without a shell, with limits.
 *
 * What is run is a regular file that we may execute, in a folder that the configuration
 * names. Both belong to us or to root, and nobody else may write them. A symbolic link may
 * lead elsewhere: whoever made it could write the folder. The program gets a clean
 * environment, no terminal, no descriptor but the first three; its stderr is caught.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_PROGRAM_H
#define COMMON_BASE_PROGRAM_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: bytes of stderr that are kept, its first ones. */
enum { PROGRAM_SAID_MAX = 4096 };

/* Where they lie and what they may use, as configured. */
struct program_settings {
	char *folder;       /* owned */
	int64_t timeout;    /* milliseconds until its group is killed, at least 1 */
	int64_t cpu;        /* milliseconds of processor time; 0: no limit */
	uint64_t memory;    /* bytes of data; 0: no limit */
	uint64_t file_size; /* bytes of a file that it writes; 0: no limit */
	uint64_t output;    /* bytes of its stdout */
};

struct program_call {
	const char *name; /* as program_check_name wants it */
	const struct strings *arguments;   /* behind the name; NULL: none */
	const struct strings *environment; /* "NAME=VALUE" besides the clean one; NULL: none */
	/* Its stdin: at most `len` bytes, *got 0 only at the end. NULL: it has none. */
	int (*give)(void *context, char *ptr, size_t len, size_t *got, struct fault *why);
	/* Its stdout as it comes. NULL: nobody reads it. */
	int (*take)(void *context, struct slice bytes, struct fault *why);
	void *context;
	int64_t timeout;  /* milliseconds; 0: as configured */
	const char *lock; /* held while it runs, by whoever names it so; NULL: none */
};

struct program_end {
	int status;      /* exit status, 128 + N for a signal */
	struct buf said; /* the begin of its stderr; owned */
};

void program_end_clear(struct program_end *end);
#define AUTO_PROGRAM_END __attribute__((cleanup(program_end_clear))) struct program_end

/*
 * Runs it to its end: 0 and *out (zeroed by the caller). -1: FAULT_CONFIG when there is no
 * such program or it may not be run, FAULT_TEMP when it took too long, printed too much, the
 * lock was not to be had in time, or give or take failed; it has been killed then. A program
 * that leaves its input unread has not failed for that.
 */
int program_run(const struct program_settings *settings, const struct program_call *call,
	struct program_end *out, struct fault *why);

/* Adds ": FIRST LINE OF STDERR" when there is one, made fit to be shown. */
void program_add_said(const struct program_end *end, struct buf *out);

#endif
