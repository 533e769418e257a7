/*
 * Messages that were fed and have no receipt yet: who fed them, by which id.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_UNANSWERED_H
#define FETCH_HAND_UNANSWERED_H

#include "common/mail/receipt.h"

struct source;

struct unanswered_entry;

/* All zero is empty. Receipts mostly come in the order of the messages: a list will do. */
struct unanswered {
	struct unanswered_entry *first;
	struct unanswered_entry *last;
	size_t count;
};

void unanswered_add(struct unanswered *u, struct source *s, struct slice id, uint64_t key);

/* The last one is whole, and so large. */
void unanswered_end(struct unanswered *u, uint64_t size);

/* The last one is whole, and so large. */
void unanswered_end(struct unanswered *u, uint64_t size);

/* The receipt for this id, to the source that fed it. False: nobody did. */
bool unanswered_answer(struct unanswered *u, struct slice id, enum receipt_verdict verdict);

/* The last one was broken off, if it is of this source: nobody will answer it. */
void unanswered_drop_last(struct unanswered *u, const struct source *s);

/* Nobody will answer any of them: they stay as they are at their servers. */
void unanswered_forget(struct unanswered *u);

#endif
