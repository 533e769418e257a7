/*
 * The bytes of one message as they come: its header for the rules, the rest in a spool.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_GATHER_H
#define FILTER_GATHER_H

#include "filter/message.h"
#include "filter/spool.h"

struct gather_state {
	bool whole;        /* set by the caller: all bytes go to the spool */
	struct buf head;   /* what has come while the header was not complete */
	bool complete;     /* the header has ended, or is longer than rules see */
	size_t header_len; /* then: its length in head */
	bool cut;          /* then: it goes on beyond */
	size_t looked;     /* bytes of head that were looked at */
	struct spool spool;
};

#define GATHER_NONE { .spool = SPOOL_NONE }

/* Takes bytes; `ended`: there are no more. FAULT_TEMP from the spool. */
int gather_add(struct gather_state *g, struct slice bytes, struct fault *why);
void gather_end(struct gather_state *g);

/* From now on all bytes go to the spool, also those that came before. FAULT_TEMP. */
int gather_hold(struct gather_state *g, struct fault *why);

/* What rules see, into an empty *out; valid until the next gather call. */
void gather_message(struct gather_state *g, const struct frame *frame, struct message *out);

/* Ready for the next message. */
void gather_clear(struct gather_state *g);
void gather_free(struct gather_state *g);

#endif
