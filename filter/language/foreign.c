/*
 * Words that nobody here knows: see foreign.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/foreign.h"

#include "filter/evaluate.h"

/* LIMIT: bytes of it that are told. */
enum { TOLD_MAX = 60 };

static int run_foreign(struct run *run, const struct node *node)
{
	return run_fail(run, "\"%.*s\" is not known here, and \"ihave\" said so",
		SLICE_ARG(slice_first(node->source, TOLD_MAX)));
}

const struct word foreign_word = {
	.name = "?",
	.tests = TESTS_LIST,
	.run = run_foreign,
	.test = run_foreign,
};
