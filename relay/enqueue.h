/*
 * How a message enters the queue: drafts, and the commit of one or many at once.
 *
 * Order of the custody promise: contents written and synced, content/ synced, envelopes
 * written and synced, renamed into queue/ (the commit point), queue/ synced; only then 0.
 * Whatever is killed before the rename leaves content without envelope, which the runner
 * sweeps after 36 hours (sweep.h); whatever fails leaves nothing queued.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_ENQUEUE_H
#define RELAY_ENQUEUE_H

#include "common/base/stage.h"
#include "relay/queue.h"

struct draft {
	char *id;
	struct stage content;
	struct stage note; /* the envelope's file, used by queue_commit */
	struct envelope envelope; /* created, size and eight_bit are filled in by us */
	bool committed;
};

#define DRAFT_NONE { .content = STAGE_NONE, .note = STAGE_NONE }
#define AUTO_DRAFT __attribute__((cleanup(draft_drop))) struct draft

/* Makes an id and creates its content. FAULT_TEMP, FAULT_WRITE. */
int draft_open(const struct queue *q, struct draft *out, struct fault *why);

/* Adds bytes with LF line ends. FAULT_TEMP, FAULT_WRITE. */
int draft_write(struct draft *d, struct slice bytes, struct fault *why);

/*
 * Queues all of them, durably, or none. Sender and recipients must have been filled in and
 * checked. FAULT_TEMP, FAULT_WRITE. The drafts are still the caller's to drop.
 */
int queue_commit(const struct queue *q, struct draft *drafts, size_t count, struct fault *why);

/* Frees it, and removes its files unless it was committed. */
void draft_drop(struct draft *d);

#endif
