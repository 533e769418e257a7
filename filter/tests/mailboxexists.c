/*
 * mailboxexists (RFC 5490 section 3.1): a question, for rules know no disk.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/action_common.h"
#include "filter/tests/test.h"

static int check_names(struct checker *checker, struct node *node)
{
	for (size_t i = 0; i < node->strings[0].count; i++) {
		const struct template *name = &node->strings[0].at[i];

		if (name->constant && action_wrong_folder(name->text))
			return checker_complain_at(checker, name, "%s",
				action_wrong_folder(name->text));
	}
	return 0;
}

static int test_mailboxes(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };

	for (size_t i = 0; i < node->strings[0].count; i++) {
		struct slice name;
		struct fault why;
		int got;

		if (run_expand(run, &node->strings[0].at[i], &room, &name) < 0)
			return -1;
		/* What cannot be a name is that of no folder. */
		if (action_wrong_folder(name))
			return 0;
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
	.check = check_names,
	.test = test_mailboxes,
};
