/*
 * The life of one account in a run: lock, login in a thread, work, end. In a watch it rests
 * after its work, with the session open, and is woken to look again.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_RUN_JOB_H
#define FETCH_RUN_JOB_H

#include <poll.h>

#include "fetch/run/errand.h"
#include "fetch/source.h"

enum job_state {
	JOB_WAITING, /* for its turn to begin */
	JOB_OPENING,
	JOB_WORKING,
	JOB_RESTING, /* a watch: the session waits for news */
	JOB_ENDED,   /* its source stays: receipts may still come */
};

struct job {
	const struct account *account;
	enum job_state state;
	struct source *source;
	struct errand *opening;
	int lock;
	struct fault why; /* how it ended */
	bool staying;     /* a watch: the session rests, the lock is kept at the end */
	bool leaving;     /* to end soon, in good order */
	bool busy;        /* it ended because another run is at work */
	bool heard;       /* resting: the server sent something */
	bool insist;      /* try it, also when it is to be left alone (trouble.h) */
	int64_t due;      /* so long it is left alone, seconds since 1970; 0: it is not */
	int standing;     /* it was not tried: the status of its last run */
};

/* What all jobs of a run share. */
struct job_room {
	struct feed *feed;
	struct prefilter *prefilter;
	struct ledger *ledger;
	int cancel_fd;
	int done_fd;
	bool again;
	bool stopping;
	bool always; /* tell trouble in any case */
	bool insist; /* try also what is to be left alone */
	long sessions; /* at work at once with one server */
	const char *config; /* the file; NULL: there is none */
};

void job_begin(struct job *j, const struct job_room *room);

/* Goes on where it can; true when anything moved. */
bool job_step(struct job *j, const struct job_room *room);

/* What to poll for it: false for nothing. *deadline is moved nearer. */
bool job_poll(const struct job *j, struct pollfd *set, int64_t *deadline);

/* It rests: now it looks again. */
void job_look(struct job *j);

/* Ends it now, whatever it is at. */
void job_break(struct job *j, const struct job_room *room, const char *reason);

/*
 * Remembers what came in, tells of trouble or that all is well; the exit status. After the
 * end, and in a watch after each round.
 */
int job_report(struct job *j, const struct job_room *room);

/* The report of the last, then all goes but (in a watch) the lock: it may begin again. */
int job_finish(struct job *j, const struct job_room *room);

#endif
