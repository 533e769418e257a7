/*
 * The inside of a feed, for feed.c (what sources do) and feed_loop.c (what the loop does).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_FEED_OWN_H
#define FETCH_HAND_FEED_OWN_H

#include "common/base/clock.h"
#include "fetch/hand/feed.h"
#include "fetch/hand/outlet.h"
#include "fetch/hand/unanswered.h"

struct feed {
	struct outlet out;
	struct feed_taker taker;
	struct preamble preamble;
	bool begun;
	bool finished;
	bool unflushed;
	uint64_t count;
	uint64_t size; /* of the open message */
	struct source *owner;
	bool claimed; /* it has not begun its message */
	bool tracked; /* the open message stands among the unanswered */

	struct receipt_listener listener;
	struct line_reader receipts; /* fd -1: no peer */
	bool had_peer;
	bool deaf;
	bool gone; /* the reader, or the giver of receipts */
	struct fault trouble;
	int64_t patience; /* when waiting for a peer ends; CLOCK_NEVER: not waiting */
	int64_t moved;    /* when a byte was taken or a receipt came */

	struct unanswered unanswered;
};

/* It was our turn, or the other side did something. */
static inline void feed_touch(struct feed *f)
{
	f->moved = clock_tick();
}

#endif
