/*
 * mailrail-stream(5): the `name: value` lines of a block, for the parser alone.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_STREAM_BLOCK_H
#define COMMON_MAIL_STREAM_BLOCK_H

#include "common/mail/stream.h"

/* A block as far as it has come; all zero at its beginning. */
struct stream_block {
	size_t bytes;     /* of all its lines */
	unsigned seen;    /* single fields that were there, a bit for each row */
	uint64_t actions; /* announced */
};

/*
 * Takes one line without its LF into the frame or preamble. 0, or -1 and *bad: a static
 * text that says what is wrong.
 */
int stream_block_frame(struct stream_block *b, struct frame *f, struct slice line,
	const char **bad);
int stream_block_preamble(struct stream_block *b, struct preamble *p, struct slice line,
	const char **bad);

/* At the empty line: what only the whole block can show. */
int stream_block_frame_end(const struct stream_block *b, const struct frame *f,
	const char **bad);

#endif
