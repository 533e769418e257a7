/*
 * What is known of messages of one folder between two moments: from their end in the stream
 * to their receipt, from there to the ledger.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_LETTERS_H
#define FETCH_IMAP_LETTERS_H

#include "common/mail/ledger/source.h"

struct imap_letter {
	uint32_t uid;
	bool kept;         /* under this UID it has a row */
	uint64_t gmail_id; /* 0: it has no row under that */
	struct source_letter row;
};

/* All zero is empty. They mostly leave in the order they came: a list will do. */
struct imap_letters {
	struct imap_letter *at;
	size_t count, room;
};

void imap_letters_free(struct imap_letters *l);
void imap_letters_add(struct imap_letters *l, const struct imap_letter *letter);

/* Takes this one out of the list; false: it is not in it, *out is all zero but for uid. */
bool imap_letters_take(struct imap_letters *l, uint32_t uid, struct imap_letter *out);

#endif
