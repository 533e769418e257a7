/*
 * keep (RFC 5228 section 4.3), with :flags (RFC 5232 section 5).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/action_common.h"
#include "filter/commands/command.h"

enum { TAG_FLAGS };

static const struct tag tags[] = {
	[TAG_FLAGS] = { "flags", CAPABILITY_IMAP4FLAGS, 0, VALUE_STRINGS },
	{ NULL, 0, 0, VALUE_NONE },
};

static int run_keep(struct run *run, const struct node *node)
{
	struct action action = { .kind = ACTION_KEEP };

	if (action_allowed(run, ACTION_KEEP) < 0 ||
		action_flags(run, node, TAG_FLAGS, &action) < 0) {
		action_clear(&action);
		return -1;
	}
	action.rule = run_rule(run);
	action.version = run_version(run);
	outcome_keep(run->outcome, &action);
	return 0;
}

const struct word command_keep = {
	.name = "keep",
	.tags = tags,
	.run = run_keep,
};
