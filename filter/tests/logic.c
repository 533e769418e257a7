/*
 * allof, anyof, not, true, false (RFC 5228 sections 5.2, 5.3, 5.6, 5.8, 5.10): together,
 * for each is a line. Left to right, no further than needed (RFC 5229 section 3.2).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/evaluate.h"
#include "filter/tests/test.h"

/* Up to the first test with that answer. */
static int run_until(struct run *run, const struct node *node, int wanted)
{
	for (const struct node *test = node->tests; test; test = test->next) {
		int got = evaluate_test(run, test);

		if (got < 0 || got == wanted)
			return got;
	}
	return !wanted;
}

static int test_all(struct run *run, const struct node *node)
{
	return run_until(run, node, 0);
}

static int test_any(struct run *run, const struct node *node)
{
	return run_until(run, node, 1);
}

static int test_opposite(struct run *run, const struct node *node)
{
	int got = evaluate_test(run, node->tests);

	return got < 0 ? -1 : !got;
}

static int test_yes(struct run *run, const struct node *node)
{
	(void)run;
	(void)node;
	return 1;
}

static int test_no(struct run *run, const struct node *node)
{
	(void)run;
	(void)node;
	return 0;
}

const struct word test_allof = { .name = "allof", .tests = TESTS_LIST, .test = test_all };
const struct word test_anyof = { .name = "anyof", .tests = TESTS_LIST, .test = test_any };
const struct word test_not = { .name = "not", .tests = TESTS_ONE, .test = test_opposite };
const struct word test_true = { .name = "true", .test = test_yes };
const struct word test_false = { .name = "false", .test = test_no };
