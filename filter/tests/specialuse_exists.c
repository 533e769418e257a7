/*
 * specialuse_exists (RFC 8579 section 3): folders for some use, or one that is for all of
 * these.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/deliver_settings.h"
#include "filter/commands/action_common.h"
#include "filter/tests/test.h"

static int check_uses(struct checker *checker, struct node *node)
{
	const struct template_list *names = &node->strings[0];
	const struct template_list *uses = &node->strings[1];

	if (names->count > 0 && names->at->constant && action_wrong_folder(names->at->text))
		return checker_complain_at(checker, names->at, "%s",
			action_wrong_folder(names->at->text));
	for (size_t i = 0; i < uses->count; i++) {
		if (action_check_use(checker, &uses->at[i]) < 0)
			return -1;
	}
	return 0;
}

/* What is no use, or no name, no folder has. */
static int ask(struct run *run, struct slice use, bool named, struct slice name)
{
	AUTO_BUF about = { 0 };
	struct fault why;
	int got;

	if (!special_use_valid(use))
		return 0;
	buf_add_slice(&about, use);
	if (named) {
		buf_add_byte(&about, ' ');
		buf_add_slice(&about, name);
	}
	got = questions_ask(run->questions, QUESTION_SPECIAL_USE, buf_slice(&about), &why);
	run_saw(run, buf_slice(&about));
	return got < 0 ? run_fail(run, "%s", why.text) : got;
}

static int test_uses(struct run *run, const struct node *node)
{
	bool named = node->strings[0].count > 0;
	AUTO_BUF name_room = { 0 };
	AUTO_BUF room = { 0 };
	struct slice name = { 0 };
	int got = 1;

	if (named && run_expand(run, node->strings[0].at, &name_room, &name) < 0)
		return -1;
	if (named && action_wrong_folder(name))
		return 0;
	for (size_t i = 0; i < node->strings[1].count && got == 1; i++) {
		struct slice use;

		if (run_expand(run, &node->strings[1].at[i], &room, &use) < 0)
			return -1;
		got = ask(run, use, named, name);
	}
	return got;
}

const struct word test_specialuse_exists = {
	.name = "specialuse_exists",
	.capability = CAPABILITY_SPECIAL_USE,
	.positions = "s?S",
	.check = check_uses,
	.test = test_uses,
};
