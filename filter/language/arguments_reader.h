/*
 * Taking the arguments of a node one by one, for arguments.c and arguments_shared.c.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_ARGUMENTS_READER_H
#define FILTER_LANGUAGE_ARGUMENTS_READER_H

#include "filter/language/complaint.h"
#include "filter/language/vocabulary.h"

struct reader {
	struct checker *checker;
	struct node *node;
	size_t at;           /* next argument */
	unsigned groups;     /* shared groups that were given, bits */
	unsigned own_groups; /* groups of the word's own tags, bits */
};

/* A mistake at the argument; -1. */
int reader_complain(struct reader *r, const struct argument *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* -1 and a complaint when the tag's capability was not required. */
int reader_need(struct reader *r, const struct argument *tag, capability_set capability);

/* The strings behind a tag: compiled, one or a list. NULL and a problem when missing. */
const struct template_list *reader_strings(struct reader *r, const struct argument *tag, bool list);

/* The number behind a tag. */
int reader_number(struct reader *r, const struct argument *tag, uint64_t *out);

/* ---- tags that words share: match types, comparator, address parts, index ---- */

/* Takes it when it is one of those that the word uses: 1; 0: it is none; -1 and a problem. */
int reader_shared(struct reader *r, const struct argument *tag);

/* What must stand together: -1 and a problem. */
int reader_shared_end(struct reader *r);

/* One of those that the word uses whose name is near to this one, or NULL. */
const char *reader_shared_near(const struct word *word, struct slice name);

/* Adds the names of those that the word uses, ":is, :contains". */
void reader_shared_names(const struct word *word, struct buf *out);

#endif
