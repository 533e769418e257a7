/*
 * A message arrives: from its frame, its actions and their mailboxes; its bytes, CRLF as LF,
 * to all of them at once; at its end what only the whole message tells.
 *
 * What fails here fails the message, never the run: its unit is deferred and its bytes are
 * read to their end.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_ARRIVE_H
#define DELIVER_ARRIVE_H

#include "common/mail/frame.h"
#include "deliver/arrival.h"

/*
 * A frame: a new unit, or the next variant of the one that is open. `verdict` (with its
 * reason) is what is known of its id already; unless WANTED its bytes are only read.
 */
void arrive_begin(struct run *r, struct arrival *a, const struct frame *f, enum verdict verdict,
	const struct fault *reason);
void arrive_bytes(struct run *r, struct arrival *a, struct slice bytes);
void arrive_end(struct run *r, struct arrival *a);

/* True when all variants of the unit have arrived. */
bool arrive_is_whole(const struct arrival *a);

/* Gives the unit away. */
struct unit *arrive_take(struct arrival *a);

/* The message was cut: nothing of it stays. */
void arrive_drop(struct arrival *a);

/* And frees the buffers. */
void arrive_free(struct arrival *a);

#endif
