/*
 * The variant of a message that arrives, as arrive.c fills it and its helpers see it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_ARRIVAL_H
#define DELIVER_ARRIVAL_H

#include "common/mail/lineend.h"
#include "deliver/run.h"

/* LIMIT: bytes at the start of a message in which Message-ID and others are looked for. */
enum { HEAD_MAX = 65536 };

/* LIMIT: Received fields of a message that is still redirected (RFC 5321 section 6.3). */
enum { HOPS_MAX = 50 };

struct arrival {
	struct unit *unit; /* owned until arrive_take; NULL: nothing arrives */
	size_t first;      /* its parts in the unit begin here */
	bool inside;       /* between its frame and its end */
	bool raw;          /* a redirect wants the bytes */
	struct spooled raw_bytes;
	struct lineend ends;
	struct buf converted;
	struct buf head;
	struct buf sender;
	bool sender_known;
	struct buf recipient; /* of the envelope, the first; empty: not known */
	int64_t received;
};

#endif
