/*
 * mailboxexists (RFC 5490 section 3.1): a question, for rules know no disk.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/evaluate.h"
#include "filter/tests/test.h"

static int test_mailboxes(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };

	for (size_t i = 0; i < node->strings[0].count; i++) {
		struct slice name;
		struct fault why;
		int got;

		if (run_expand(run, &node->strings[0].at[i], &room, &name) < 0)
			return -1;
		got = questions_ask(run->questions, QUESTION_MAILBOX, name, &why);
		if (got < 0)
			return run_fail(run, "%s", why.text);
		run_saw(run, name);
		if (got == 0)
			return 0;
	}
	return 1;
}

const struct word test_mailboxexists = {
	.name = "mailboxexists",
	.capability = CAPABILITY_MAILBOX,
	.positions = "S",
	.test = test_mailboxes,
};
