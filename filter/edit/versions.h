/*
 * The states that a message goes through while rules change it (RFC 5293 section 7).
 *
 * Number 0 is the message as it came. An action is for the state that the message is in when
 * the action is decided: struct action.version. A state that no action is for is dropped when
 * the next one is made, so that a hundred edits in a row cost no more than one.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_EDIT_VERSIONS_H
#define FILTER_EDIT_VERSIONS_H

#include "filter/message.h"
#include "filter/spool.h"

/* LIMIT: states of one message that actions, or loops over its parts, are for. */
enum { VERSIONS_MAX = 500 };

struct version {
	struct message message; /* as rules see it */
	struct buf header;      /* its header */
	struct spool spool;     /* all its bytes, when it was replaced as a whole */
	bool pinned;            /* somebody else looks at it: it stays */
	bool enclosed;          /* the message is an attachment of it (RFC 5703 section 6) */
	unsigned plain;         /* then: the state before that */
};

struct versions {
	struct message *original; /* borrowed */
	struct version **list;    /* numbers 1, 2, ... */
	size_t count;
	unsigned current;
	size_t added;       /* bytes of fields that were added */
	uint64_t replaced;  /* bytes of messages that took the place of this one */
	bool has_originals; /* Original-Subject or Original-From were (RFC 5703 section 5) */
};

void versions_start(struct versions *v, struct message *original);
void versions_free(struct versions *v);

/* A state as rules see it: owned by *v, or the original. */
struct message *versions_message(const struct versions *v, unsigned number);

/*
 * Where the body of a state is: NULL, it is that of the message as it came; else this spool,
 * from message.body_at to its end. The header is message.header, whole unless message.cut.
 */
const struct spool *versions_body(const struct versions *v, unsigned number);

/* The current state, or when that encloses the message the one before: for "redirect". */
unsigned versions_plain(const struct versions *v);

void version_free(struct version *one);

#endif
