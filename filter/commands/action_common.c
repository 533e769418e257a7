/*
 * Commands that fill the action list: see action_common.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/action_common.h"

#include "filter/flags.h"

int action_flags(struct run *run, const struct node *node, unsigned row, struct action *out)
{
	const struct template_list *given;
	AUTO_BUF room = { 0 };
	struct slice text;

	if (!(run->script->capabilities & CAPABILITY_IMAP4FLAGS))
		return 0;
	if (!(node->tags & 1U << row)) {
		/* An empty internal variable says nothing: then the frame's flags stay. */
		out->has_flags = run->flags.count > 0;
		flags_copy(&out->flags, &run->flags);
		return 0;
	}
	out->has_flags = true;
	given = &node->tag_values[row].strings;
	for (size_t i = 0; i < given->count; i++) {
		if (run_expand(run, &given->at[i], &room, &text) < 0)
			return -1;
		flags_add(&out->flags, text);
	}
	return 0;
}

int action_file(struct run *run, struct action *action)
{
	const struct limits *limits = &run->settings->limits;
	struct outcome *o = run->outcome;

	action->rule = run_rule(run);
	action->version = run_version(run);
	outcome_file(o, action);
	if (outcome_targets(o) + outcome_targets(run->before) > (size_t)limits->actions)
		return run_fail(run, "more than %ld actions (filter.max-actions)",
			limits->actions);
	if (outcome_redirects(o) + outcome_redirects(run->before) >
		(size_t)limits->redirects)
		return run_fail(run, "more than %ld redirects (filter.max-redirects)",
			limits->redirects);
	return 0;
}
