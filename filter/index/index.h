/*
 * Which commands of a block may do something with a message: the others are passed over.
 *
 * An "if" whose test needs a text in a field is passed over when the text is not there.
 * Decisions are those of a walk over all: guard.h says when a test counts as one that needs a
 * text. A message is scanned once; after an edit (filter/edit) its new state is.
 *
 * A process that decides about one message is done before an index is made: it is made for
 * the second run of a script.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_INDEX_INDEX_H
#define FILTER_INDEX_INDEX_H

#include "filter/message.h"
#include "filter/language/script.h"

struct index *index_new(struct script *script);
void index_free(struct index *index);

/* The script runs once more. */
void index_count_run(struct index *index);

/* Makes it at once, for every block that has a guard at all. For tests. */
void index_make(struct index *index);

/* A walk over a block. */
struct index_walk {
	struct index *index;
	uint32_t at;    /* the next step */
	uint32_t end;
	uint32_t taken; /* 1 + the step whose branch was taken; 0: none yet */
};

/* False: this block has no index, or not yet. */
bool index_start(struct index *index, const struct node *first, struct index_walk *walk);

/*
 * The next command that may do something, or branch, to be tried by itself; NULL at the end.
 * Branches of an "if" of which one was taken are passed over.
 */
const struct node *index_next(struct index_walk *walk, struct message *m);

/* The branch that index_next gave was taken. */
void index_taken(struct index_walk *walk);

#endif
