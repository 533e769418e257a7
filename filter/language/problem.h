/*
 * What is wrong with a rule file: several complaints, each with its place.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_PROBLEM_H
#define FILTER_LANGUAGE_PROBLEM_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: complaints kept of one file; what follows is mostly their echo. */
enum { PROBLEM_MAX = 20 };

struct problem {
	unsigned line; /* from 1 */
	unsigned column;
	char *text; /* owned */
};

struct problems {
	struct problem at[PROBLEM_MAX];
	size_t count;
};

void problem_add(struct problems *list, unsigned line, unsigned column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void problems_clear(struct problems *list);

/* Forgets those behind the first `count`. */
void problems_cut(struct problems *list, size_t count);

/*
 * Adds "FILE:LINE:COLUMN: KIND: TEXT" (`kind`: "error", "warning"), the line itself, and a
 * caret below the column.
 */
void problem_show(struct buf *out, const char *kind, const char *file, struct slice script,
	const struct problem *one);

#endif
