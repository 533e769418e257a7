/*
 * The stream that mr-fetch writes and the receipts that come back.
 *
 * One message stands in the stream at a time: the source that began it owns the stream
 * until its end, the others wait. Nothing here blocks: bytes are gathered, and written
 * when stdout takes them. The preamble goes out with the first message or the end,
 * whichever comes first, so that a run without mail needs no receipts.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_FEED_H
#define FETCH_HAND_FEED_H

#include <poll.h>

#include "common/base/line.h"
#include "common/mail/receipt.h"

struct source;
struct feed;

/* Into stdout. The preamble names a socket for receipts, which is bound at once. */
int feed_open_stdout(struct feed **feed, struct fault *why);

/*
 * Into programs that are started when the first message begins, so that a run without news
 * costs none. `start` gives their input and where their receipts come from, both owned by
 * the feed then. When they cannot be started the feed is lost (feed_fault says why).
 */
struct feed_taker {
	int (*start)(void *arg, int *out, int *in, struct fault *why);
	void *arg;
};
struct feed *feed_open_taker(const struct feed_taker *taker);
void feed_close(struct feed *f);

/* ---- for sources ---- */

/* May this source begin a message now? */
bool feed_ready(const struct feed *f);
/* May more bytes be added now? */
bool feed_room(const struct feed *f);

/*
 * The source's turn has come, and its message has not: no other may begin one until
 * feed_begin and feed_end, or feed_cut.
 */
void feed_claim(struct feed *f, struct source *s);
/* `key` is what the source gets back with the receipt (source_receipt). */
void feed_begin(struct feed *f, struct source *s, const struct frame *frame, uint64_t key);
void feed_bytes(struct feed *f, struct slice bytes);
void feed_end(struct feed *f);
/* Breaks the open message off, if it is this source's; what was only claimed is given up. */
void feed_cut(struct feed *f, const struct source *s, const char *reason);

/* ---- for the loop ---- */

/* Adds what is to be polled, at most FEED_POLLS entries; returns how many. */
enum { FEED_POLLS = 3 };
size_t feed_poll(const struct feed *f, struct pollfd *set);

/* Writes and reads what goes now. True when anything moved. */
bool feed_step(struct feed *f);

/* Nothing more for now: asks for the receipts of what was sent. */
void feed_flush(struct feed *f);

/*
 * Everybody waits for receipts: after 30 seconds without a peer nothing more is settled.
 * Call with false when somebody is at work. After 15 minutes in which it was the other
 * side's turn and nothing came, the feed is lost. Returns the deadline (clock_tick), or
 * never.
 */
int64_t feed_wait(struct feed *f, bool waiting);

/* The last line of the stream; then stdout is closed when all is written. */
void feed_finish(struct feed *f);

/* A message was begun since feed_open_taker or feed_again: programs may be running. */
bool feed_is_begun(const struct feed *f);

/* It is over (feed_is_over): from now on the next stream, for programs started anew. */
void feed_again(struct feed *f);

/* All was said and answered, or nobody is there any more. */
bool feed_is_over(const struct feed *f);

/* The reader or the giver of receipts is gone before its time: fetch nothing more. */
bool feed_is_lost(const struct feed *f);

/* What went wrong with the stream or the receipts, if anything. */
bool feed_fault(const struct feed *f, struct fault *why);

/* The sources are about to go: receipts that still come are for nobody. */
void feed_forget(struct feed *f);

#endif
