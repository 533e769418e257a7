/*
 * What the duplicate test is told (RFC 7352): keys that messages before this one marked, in
 * the ledger, or in this stream and perhaps not in the ledger yet.
 *
 * A mark never answers "yes" to the message that made it: one that comes again after a crash
 * is not its own duplicate. A duplicate of a message that is not done yet must wait for it
 * (frame.after), or a failure of the first would lose both.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_DUPLICATES_H
#define FILTER_DUPLICATES_H

#include "common/mail/action.h"
#include "common/mail/ledger/ledger.h"

/* LIMIT: marks of this stream that are remembered; then all are forgotten at once, for by
 * then mr-deliver has the oldest in the ledger. */
enum { DUPLICATES_MAX = 50000, DUPLICATES_BUCKETS = 4096 };

struct duplicate_mark;

struct duplicates {
	const struct strings *told; /* with any: these ids were seen, no others; borrowed */
	struct ledger *ledger;      /* opened when a rule asks */
	struct buf id;              /* of the message that asks */
	int64_t now;
	struct buf after;           /* the message it has to wait for */
	struct duplicate_mark *marks;
	size_t count;
	uint32_t *buckets;
};

/*
 * The key of a unique id under a handle (NULL: none), added to *out: both as they are, as
 * far as they fit into a line, else a digest. At most DUPLICATES_KEY_MAX bytes.
 */
enum { DUPLICATES_KEY_MAX = 300 };
void duplicates_key(const struct slice *handle, struct slice id, struct buf *out);

/* Another message. */
void duplicates_begin(struct duplicates *d, const struct frame *frame, int64_t now);

/* 1, 0, -1 (FAULT_RUNTIME). */
int duplicates_ask(struct duplicates *d, struct slice key, struct fault *why);

/* The message is decided on. */
void duplicates_remember(struct duplicates *d, const struct action *actions, size_t count);

void duplicates_free(struct duplicates *d);

#endif
