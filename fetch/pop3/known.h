/*
 * The UIDLs that the ledger remembers of one maildrop, in memory: each line of the server's
 * list asks for one, and fifty thousand questions to the database take a second.
 *
 * Sorted. Servers mostly list in the order that the UIDLs sort in, so the one behind the
 * last found is looked at first, then a binary search; there is nothing in it that a
 * server's choice of UIDLs could make slow.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_POP3_KNOWN_H
#define FETCH_POP3_KNOWN_H

#include "common/mail/ledger/source.h"

struct known_item {
	uint32_t name; /* in names: where, how long */
	uint16_t name_len;
	uint8_t mark;  /* enum source_mark */
	bool seen : 1; /* the server has it */
	bool goes : 1; /* see known_read_stored */
};

/* All zero is empty. 8 bytes and its UIDL for each: 3 MiB for 100,000. */
struct known {
	struct buf names;
	struct known_item *items;
	size_t count, room;
	size_t next; /* behind the last found */
	size_t seen;
};

void known_free(struct known *k);
#define AUTO_KNOWN __attribute__((cleanup(known_free))) struct known

/* Reads all of this place. */
int known_read(struct known *k, struct ledger *l, const char *place, struct fault *why);

/* Of those, what was stored here before `before` "goes". */
int known_read_stored(struct known *k, struct ledger *l, const char *place, int64_t before,
	struct fault *why);

/* Adds one behind all others, in the order of their bytes. False: it has no room here. */
bool known_add(struct known *k, struct slice name, enum source_mark mark);

/* The item of this name, which the server has: it is seen from now on. NULL: unknown. */
const struct known_item *known_find(struct known *k, struct slice name);

/* Forgets in the ledger what the server has no more. Begins and ends a transaction. */
int known_forget_unseen(const struct known *k, struct ledger *l, const char *place,
	struct fault *why);

/* The order of the ledger: memcmp, the shorter first. */
int known_compare(struct slice a, struct slice b);

#endif
