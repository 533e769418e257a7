/*
 * The header of a message that is too large to be fetched, made a message of its own.
 *
 * Its fields stay, so that rules file it like the whole one and a reader sees who wrote about
 * what. Those that describe the body (Content-*, MIME-Version) become X-Original-...: the
 * body is a note now, plain text, which says how large the message is and where it lies.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_EXCERPT_H
#define FETCH_HAND_EXCERPT_H

#include "common/base/buf.h"

/* LIMIT: so much of a header goes into an excerpt. */
enum { EXCERPT_HEADER_MAX = 256 << 10 };

/*
 * Adds it, with CRLF. `header`: as it came, with or without its empty line; `size` in bytes,
 * 0: not known; `most`: the limit that it is beyond; `where`: "mail.example.org: INBOX".
 */
void excerpt_make(struct slice header, uint64_t size, uint64_t most, const char *where,
	struct buf *out);

#endif
