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
};

/*
 * The source's turn has come (feed_ready). Copies what it needs of the frame. `key` is what
 * source_receipt brings back.
 */
void letter_begin(struct source *s, const struct frame *frame, uint64_t key);
void letter_bytes(struct source *s, struct slice bytes);

/*
 * True: it is in the stream; s->letter.size and .digest are those of the whole message.
 * False: it is not, and stays at the server as it is; why is among the source's troubles.
 */
bool letter_end(struct source *s);

void letter_free(struct letter *l);

#endif
