/*
 * A copy of what is sent: see fcc.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/fcc.h"

#include "filter/commands/action_common.h"

static const struct template *value_of(const struct node *node, unsigned row)
{
	return node->tag_values[row].strings.at;
}

static int check_name(struct checker *checker, const struct node *node, unsigned row)
{
	const struct template *name;

	if (!(node->tags & 1U << row))
		return 0;
	name = value_of(node, row);
	if (name->constant && action_wrong_folder(name->text))
		return checker_complain_at(checker, name, "%s", action_wrong_folder(name->text));
	return 0;
}

int fcc_check(struct checker *checker, const struct node *node)
{
	static const char *const names[] = { "fcc", "flags", "create", "specialuse" };

	for (unsigned row = FCC_FLAGS; row < FCC_TAGS; row++) {
		if (node->tags & 1U << row && !(node->tags & 1U << FCC_MAILBOX))
			return checker_complain(checker, node,
				"\":%s\" expected \":fcc\" beside it", names[row]);
	}
	if (check_name(checker, node, FCC_MAILBOX) < 0)
		return -1;
	if (!(node->tags & 1U << FCC_SPECIAL_USE))
		return 0;
	return action_check_use(checker, value_of(node, FCC_SPECIAL_USE));
}

static int take_name(struct run *run, const struct node *node, unsigned row, char **out)
{
	AUTO_BUF room = { 0 };
	struct slice name;

	if (!(node->tags & 1U << row))
		return 0;
	if (run_expand(run, value_of(node, row), &room, &name) < 0)
		return -1;
	if (action_wrong_folder(name))
		return run_fail(run, "%s", action_wrong_folder(name));
	*out = slice_copy(name);
	return 0;
}

int fcc_take(struct run *run, const struct node *node, struct action *action)
{
	if (!(node->tags & 1U << FCC_MAILBOX))
		return 0;
	/* The internal variable of flags is the message's, not the copy's. */
	if (node->tags & 1U << FCC_FLAGS && action_flags(run, node, FCC_FLAGS, action) < 0)
		return -1;
	action->create = node->tags & 1U << FCC_CREATE;
	if (take_name(run, node, FCC_MAILBOX, &action->fcc) < 0)
		return -1;
	if (!(node->tags & 1U << FCC_SPECIAL_USE))
		return 0;
	return action_take_use(run, value_of(node, FCC_SPECIAL_USE), action);
}
