/*
 * Handing mail on, round after round: the programs of --into are started when there is mail
 * and end when nobody has more, so that rules are read anew.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_WATCH_HANDING_H
#define FETCH_WATCH_HANDING_H

#include "fetch/hand/into.h"
#include "fetch/run/loop.h"

struct handing {
	struct into *into;     /* owned; NULL: the stream goes to stdout, and has one end */
	struct errand *ending; /* the programs are waited for */
	int status;            /* how they ended */
	unsigned failures;     /* in a row */
	int64_t held;          /* clock_tick: nothing is fetched before */
	int64_t told;          /* when trouble was last told; 0: never */
};

/*
 * Ends the stream when no job has use for it, and makes ready for the next one. True when
 * anything moved.
 */
bool handing_step(struct handing *h, struct loop *l);

/* May mail be fetched now? *deadline is moved nearer, to when it may. */
bool handing_may(const struct handing *h, const struct loop *l, int64_t *deadline);

/* Nothing runs and nothing is on its way. */
bool handing_is_over(const struct handing *h, const struct loop *l);

/* Waits for what still runs; the status of the programs. */
int handing_end(struct handing *h);

#endif
