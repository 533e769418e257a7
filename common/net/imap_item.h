/*
 * Pieces that imap_reply cuts a response into; for it alone. RFC 3501 section 9.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_IMAP_ITEM_H
#define COMMON_NET_IMAP_ITEM_H

#include "common/base/say.h"
#include "common/net/imap_reply.h"

/* Takes what stands before the next blank, and the blank. Empty at the end. */
struct slice imap_word(struct slice *in);

/* "OK" and so on, in any case: takes it and the blank; false: none of them ("OKAY"). */
bool imap_condition_read(struct slice *in, enum imap_condition *out);

/* What stands behind it: sets code and text. */
void imap_text_read(struct slice in, struct imap_event *event);

/* A literal announced at the end of a line. */
struct imap_literal {
	size_t at;     /* where "{" or "~{" begins in the line */
	uint64_t size;
	bool body;     /* it is a message: BODY[], RFC822 or BINARY[] stands before it */
};

/* `line` is without its line end. 1 found, 0 none, -1 a size beyond 64 bits. */
int imap_literal_read(struct slice line, struct imap_literal *out);

/*
 * msg-att = "(" item SP value *(SP item SP value) ")". When not `whole` the text ends
 * where a body began. 0, or -1 malformed. *out is not cleared.
 */
int imap_fetch_read(struct slice in, bool whole, struct imap_fetch *out);

void imap_fetch_clear(struct imap_fetch *f); /* keeps the room of its bufs */
void imap_fetch_free(struct imap_fetch *f);

#endif
