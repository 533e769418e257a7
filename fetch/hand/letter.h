/*
 * One message on its way from a source into the stream: what is done with each, whatever
 * protocol it came by.
 *
 * Its size is counted and its Message-ID taken, so that a source can tell it again; the
 * account may want recipients taken from its header, or fields put in front of it. For
 * those the frame waits until the header is there.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_LETTER_H
#define FETCH_HAND_LETTER_H

#include "common/base/fault.h"
#include "common/mail/frame.h"
#include "fetch/hand/digest.h"

struct source;

/* The open message; all zero: none. */
struct letter {
	bool open;
	uint64_t key;
	uint64_t size;   /* bytes so far, as they came */
	uint64_t digest; /* digest_of_header; known at the end */
	struct digest coming;
	bool waits;         /* for its header: `held` is all that came */
	bool refused;       /* it is not for the stream; `why` says so */
	struct frame frame; /* while it waits, or was refused */
	struct buf held;
	struct fault why;
};

/*
 * The source's turn has come (feed_ready). Copies what it needs of the frame. `key` is what
 * source_receipt brings back.
 */
void letter_begin(struct source *s, const struct frame *frame, uint64_t key);
void letter_bytes(struct source *s, struct slice bytes);

/*
 * s->letter.size and .digest are those of the whole message. True: it is in the stream.
 * False: it is not (the account wants a recipient, and the header names none), and stays at
 * the server: this is among the source's troubles, and its `receipt` was told
 * RECEIPT_REFUSED, so that it pauses as one that came back.
 */
bool letter_end(struct source *s);

void letter_free(struct letter *l);

#endif
