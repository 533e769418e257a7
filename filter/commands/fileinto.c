/*
 * fileinto (RFC 5228 section 4.1), with :copy (RFC 3894), :flags (RFC 5232) and :create
 * (RFC 5490).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/commands/action_common.h"
#include "filter/commands/command.h"

enum { TAG_COPY, TAG_FLAGS, TAG_CREATE, TAG_SPECIAL_USE };

static const struct tag tags[] = {
	[TAG_COPY] = { "copy", CAPABILITY_COPY, 0, VALUE_NONE },
	[TAG_FLAGS] = { "flags", CAPABILITY_IMAP4FLAGS, 0, VALUE_STRINGS },
	[TAG_CREATE] = { "create", CAPABILITY_MAILBOX, 0, VALUE_NONE },
	[TAG_SPECIAL_USE] = { "specialuse", CAPABILITY_SPECIAL_USE, 0, VALUE_STRING },
	{ NULL, 0, 0, VALUE_NONE },
};

static int check_fileinto(struct checker *checker, struct node *node)
{
	const struct template *name = node->strings[0].at;

	if (name->constant && action_wrong_folder(name->text))
		return checker_complain_at(checker, name, "%s", action_wrong_folder(name->text));
	if (node->tags & 1U << TAG_SPECIAL_USE)
		return action_check_use(checker, node->tag_values[TAG_SPECIAL_USE].strings.at);
	return 0;
}

static int run_fileinto(struct run *run, const struct node *node)
{
	struct action action = { .kind = ACTION_FILEINTO, .create = node->tags & 1U << TAG_CREATE };
	AUTO_BUF room = { 0 };
	struct slice name;

	if (run_expand(run, node->strings[0].at, &room, &name) < 0)
		return -1;
	if (action_wrong_folder(name))
		return run_fail(run, "%s", action_wrong_folder(name));
	if (action_flags(run, node, TAG_FLAGS, &action) < 0) {
		action_clear(&action);
		return -1;
	}
	if (node->tags & 1U << TAG_SPECIAL_USE &&
		action_take_use(run, node->tag_values[TAG_SPECIAL_USE].strings.at, &action) < 0) {
		action_clear(&action);
		return -1;
	}
	action.target = slice_copy(name);
	if (!(node->tags & 1U << TAG_COPY))
		run->outcome->cancelled = true;
	return action_file(run, &action);
}

const struct word command_fileinto = {
	.name = "fileinto",
	.capability = CAPABILITY_FILEINTO,
	.tags = tags,
	.positions = "s",
	.check = check_fileinto,
	.run = run_fileinto,
};
