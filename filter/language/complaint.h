/*
 * For the checks of commands and tests: what they know, and how they complain.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_COMPLAINT_H
#define FILTER_LANGUAGE_COMPLAINT_H

#include "filter/language/script.h"

struct checker {
	struct script *script;
	const struct word *previous; /* the command before this one in its block, or NULL */
	bool require_over;           /* a command that is no require has come */
	const struct node *loops[NEST_MAX]; /* foreverypart: those around this command */
	size_t loop_count;
	int loose_weights; /* tests "weight" that no "score" has taken */
};

/* A mistake at the node, or at one of its strings; -1. */
int checker_complain(struct checker *checker, const struct node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int checker_complain_at(struct checker *checker, const struct template *at, const char *format,
	...) __attribute__((format(printf, 3, 4)));

#endif
