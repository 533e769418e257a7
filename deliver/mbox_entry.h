/*
 * The mbox format (RFC 4155 and mboxrd): From_ line, body with every line ">*From " quoted
 * by one more ">", exactly one empty line behind it. Pure.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_MBOX_ENTRY_H
#define DELIVER_MBOX_ENTRY_H

#include <stdint.h>

#include "common/base/buf.h"

/* Adds "From SENDER DATE\n": the date in UTC, MAILER-DAEMON for the null sender. */
void mbox_put_from_line(struct buf *out, struct slice sender, int64_t when);

/* The state of quoting between pieces; all zero at the start of a message. */
struct mbox_quote {
	bool inside;      /* of a line, and not at its quotes or "From " */
	unsigned matched; /* characters of "From " that are held back */
	bool ended;       /* the last byte was LF */
	bool any;
};

/* Adds the bytes quoted. */
void mbox_quote(struct mbox_quote *q, struct slice bytes, struct buf *out);

/* Adds what was held back, a missing last LF, and the empty line. */
void mbox_quote_end(struct mbox_quote *q, struct buf *out);

/* FNV-1a, 64 bits: knows a torn tail from a whole one, nothing more. */
#define MBOX_DIGEST_START UINT64_C(0xcbf29ce484222325)
uint64_t mbox_digest(uint64_t digest, struct slice bytes);

/* What must be added to a file that ends in `tail` (at most its last two bytes) so that a
 * From_ line may follow behind one empty line: "", "\n" or "\n\n". */
const char *mbox_padding(struct slice tail);

#endif
