/*
 * The one poll set of mr-fetch, for a run and for a watch: jobs, stream, signals.
 *
 * Nothing in it blocks but the ledger's commits, which take milliseconds.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_RUN_LOOP_H
#define FETCH_RUN_LOOP_H

#include "fetch/run/job.h"

/* LIMIT: sessions that log in or work at once. */
enum { LOOP_WORKERS = 8 };
/* LIMIT: how long a stopped run may take to finish the batch and settle. */
enum { LOOP_STOP_MS = 30000 };

struct loop {
	struct job_room room; /* stopping: after SIGINT or SIGTERM */
	struct job **jobs;    /* borrowed, in an array of ours */
	size_t count;
	size_t turn;  /* who is first in the next round: nobody is always last */
	int signals;
	int64_t stop_at;
	bool broken;  /* a second signal, or the grace is over */
	bool reload;  /* SIGHUP came; for a watch, which clears it */
	bool look;    /* SIGUSR1 the same */
	struct pollfd *set;
	size_t set_room;
};

#define LOOP_NONE { .signals = -1, .stop_at = CLOCK_NEVER, \
	.room = { .cancel_fd = -1, .done_fd = -1 } }

/* Before any thread: signals are blocked from then on. A watch takes HUP and USR1, too. */
int loop_open(struct loop *l, bool watch, struct fault *why);
void loop_close(struct loop *l);

void loop_add(struct loop *l, struct job *job);
void loop_remove(struct loop *l, const struct job *job);

size_t loop_count(const struct loop *l, enum job_state state);

/* Are as many others at work with the job's server as may be? */
bool loop_is_crowded(const struct loop *l, const struct job *job);

/* A step for each job; true when anything moved. */
bool loop_step(struct loop *l);

/*
 * Waits until something comes or the deadline; not at all when something moved. `others`
 * are further descriptors, their revents are filled.
 */
void loop_wait(struct loop *l, bool moved, int64_t deadline, struct pollfd *others,
	size_t count);

/* Asks everybody to end, as a signal does. */
void loop_stop(struct loop *l);

/* Writes out what the stream still holds: at least its end, when nothing was fetched. */
void loop_end_stream(struct loop *l);

#endif
