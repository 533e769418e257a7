/*
 * What is told on a terminal while mail is fetched: a line for each account at work, drawn
 * anew five times a second at most, and gone at the end.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_RUN_PROGRESS_H
#define FETCH_RUN_PROGRESS_H

#include "common/base/buf.h"
#include "fetch/run/loop.h"

/* All zero: nothing is drawn yet. */
struct progress {
	bool on;
	int64_t drawn;     /* clock_tick */
	bool shown;
};

/* On a terminal that can do more than print; never when `quiet`. */
void progress_start(struct progress *p, bool quiet);

/* Draws when it is time. */
void progress_step(struct progress *p, const struct loop *l);

/* Takes it off the terminal. */
void progress_end(struct progress *p);

/* Pure: what an account has done since `began`, at `now` (clock_tick). */
struct progress_facts {
	const char *account;
	uint64_t done;  /* messages */
	uint64_t left;  /* messages that are still to come, as far as is known */
	uint64_t bytes;
	int64_t began;
	int64_t now;
};
void progress_line(const struct progress_facts *facts, struct buf *out);

#endif
