/*
 * spamtest and virustest (RFC 5235): what a scanner said, as a number.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/keys.h"
#include "filter/tests/scanner.h"
#include "filter/tests/test.h"

enum { TAG_PERCENT };

static const struct tag spam_tags[] = {
	[TAG_PERCENT] = { "percent", CAPABILITY_SPAMTESTPLUS, 0, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

/* Section 3.2: one of the two is enough, but for :percent. */
static int check_spam(struct checker *checker, struct node *node)
{
	if (checker->script->capabilities & (CAPABILITY_SPAMTEST | CAPABILITY_SPAMTESTPLUS))
		return 0;
	return checker_complain(checker, node,
		"\"spamtest\" expected require \"spamtest\" at the top");
}

static int try_result(struct run *run, const struct node *node, int tested, int number)
{
	AUTO_KEYS keys = { 0 };
	AUTO_BUF value = { 0 };
	int got = 0;

	if (keys_start(&keys, run, node, &node->strings[0]) < 0)
		return -1;
	buf_addf(&value, "%d", number);
	/* Section 3.1: the count of a result that there is none of is 0. */
	if (tested || node->match.type != MATCH_COUNT)
		got = keys_try(&keys, buf_slice(&value));
	return got != 0 ? got : keys_finish(&keys);
}

static int test_spam(struct run *run, const struct node *node)
{
	struct fault why;
	int value = 0;
	int percent = 0;
	int tested = scanner_read(&run->questions->spam, &run->settings->spam, run->message,
		SCANNER_SPAM, &value, &percent, &why);

	if (tested < 0)
		return run_fail(run, "spamtest: %s", why.text);
	return try_result(run, node, tested,
		!tested ? 0 : node->tags & 1U << TAG_PERCENT ? percent : value);
}

static int test_virus(struct run *run, const struct node *node)
{
	struct fault why;
	int value = 0;
	int percent = 0;
	int tested = scanner_read(&run->questions->virus, &run->settings->virus, run->message,
		SCANNER_VIRUS, &value, &percent, &why);

	if (tested < 0)
		return run_fail(run, "virustest: %s", why.text);
	return try_result(run, node, tested, tested ? value : 0);
}

const struct word test_spamtest = {
	.name = "spamtest",
	.uses = USES_MATCH,
	.tags = spam_tags,
	.positions = "s",
	.check = check_spam,
	.test = test_spam,
};

const struct word test_virustest = {
	.name = "virustest",
	.capability = CAPABILITY_VIRUSTEST,
	.uses = USES_MATCH,
	.positions = "s",
	.test = test_virus,
};
