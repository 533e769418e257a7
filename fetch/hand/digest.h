/*
 * By what a message is told again when its server has numbered it anew: a digest of its
 * Message-ID, or of its header when it has none. Compared together with the size.
 *
 * FNV-1a, 64 bits, over the bytes of the value; it stands in the ledger, so it never
 * changes. It is no proof against forgers: whoever sends two messages with one Message-ID
 * and one size needs no collision.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_DIGEST_H
#define FETCH_HAND_DIGEST_H

#include "common/base/slice.h"
#include "common/mail/header.h"

/* LIMIT: a header is looked at so far. */
enum { DIGEST_HEADER_MAX = 256 << 10 };

/*
 * Of the first Message-ID field that is not empty: unfolded, blanks trimmed. False: there
 * is none, *out is unchanged. The answer to BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)] will do.
 */
bool digest_of_id(struct slice header, uint64_t *out);

/*
 * The same, else of the fields as they stand, up to the empty line, without any CR. The
 * whole header is needed: BODY.PEEK[HEADER], or TOP. Never 0. Where there is no field at all
 * it is of all the bytes given, so that two such messages are never taken for one.
 */
uint64_t digest_of_header(struct slice header);

/* Of a message that comes in pieces; all zero: nothing came. */
struct digest {
	struct buf head; /* its first bytes */
	struct header_scan scan;
	ptrdiff_t length; /* of the header with its empty line; as header_scan has it */
	bool scanned;     /* length is known */
	uint64_t value;   /* 0: not known yet */
};

void digest_bytes(struct digest *d, struct slice bytes);
/* Nothing more comes. As digest_of_header says of the whole message. */
uint64_t digest_end(struct digest *d);
void digest_free(struct digest *d); /* and makes it all zero */

#endif
