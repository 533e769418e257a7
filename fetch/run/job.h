/*
 * The life of one account in a run: lock, login in a thread, work, end.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_RUN_JOB_H
#define FETCH_RUN_JOB_H

#include <poll.h>

#include "fetch/run/opening.h"

enum job_state {
	JOB_WAITING, /* for its turn to begin */
	JOB_OPENING,
	JOB_WORKING,
	JOB_ENDED,   /* its source stays: receipts may still come */
};

struct job {
	const struct account *account;
	enum job_state state;
	struct source *source;
	struct opening *opening;
	int lock;
	struct fault why; /* how it ended */
};

/* What all jobs of a run share. */
struct job_room {
	struct feed *feed;
	struct ledger *ledger;
	int cancel_fd;
	int done_fd;
	bool again;
	bool stopping;
	bool always; /* tell trouble in any case */
};

void job_begin(struct job *j, const struct job_room *room);

/* Goes on where it can; true when anything moved. */
bool job_step(struct job *j, const struct job_room *room);

/* What to poll for it: false for nothing. *deadline is moved nearer. */
bool job_poll(const struct job *j, struct pollfd *set, int64_t *deadline);

/* Ends it now, whatever it is at. */
void job_break(struct job *j, const struct job_room *room, const char *reason);

/* Remembers what came in to the last, tells of trouble; the exit status. */
int job_finish(struct job *j, const struct job_room *room);

#endif
