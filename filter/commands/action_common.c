/*
 * Commands that fill the action list: see action_common.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/action_common.h"

#include "common/mail/deliver_settings.h"
#include "filter/edit/versions.h"
#include "filter/flags.h"
#include "filter/reply/incompatible.h"

/* LIMIT: length of a folder's name: no file system takes more in all its parts. */
enum { FOLDER_MAX = 1000 };

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

int action_allowed(struct run *run, enum action_kind kind)
{
	const char *wrong = incompatible_with(run->before, run->outcome, kind);

	return wrong ? run_fail(run, "%s", wrong) : 0;
}

const char *action_wrong_folder(struct slice name)
{
	if (name.len == 0)
		return "the name of the folder is empty";
	if (name.len > FOLDER_MAX)
		return "the name of the folder is longer than 1000 bytes";
	for (size_t i = 0; i < name.len; i++) {
		if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == 0x7f)
			return "the name of the folder holds a control character";
	}
	return NULL;
}

#define NO_USE "\"%.*s\" is no special use, expected one like \"\\\\Junk\""

int action_check_use(struct checker *checker, const struct template *use)
{
	if (!use->constant || special_use_valid(use->text))
		return 0;
	return checker_complain_at(checker, use, NO_USE,
		SLICE_ARG(slice_first(use->text, 40)));
}

int action_take_use(struct run *run, const struct template *use, struct action *action)
{
	AUTO_BUF room = { 0 };
	struct slice text;

	if (run_expand(run, use, &room, &text) < 0)
		return -1;
	if (!special_use_valid(text))
		return run_fail(run, NO_USE, SLICE_ARG(slice_first(text, 40)));
	action->special_use = slice_copy(text);
	return 0;
}

int action_file(struct run *run, struct action *action)
{
	const struct limits *limits = &run->settings->limits;
	struct outcome *o = run->outcome;

	if (action_allowed(run, action->kind) < 0) {
		action_clear(action);
		return -1;
	}
	action->rule = run_rule(run);
	action->version = run_version(run);
	if (action->kind == ACTION_REDIRECT && run->versions)
		action->version = versions_plain(run->versions);
	outcome_file(o, action);
	if (outcome_targets(o) + outcome_targets(run->before) > (size_t)limits->actions)
		return run_fail(run, "more than %ld actions (filter.max-actions)",
			limits->actions);
	if (outcome_count(o, ACTION_REDIRECT) + outcome_count(run->before, ACTION_REDIRECT) >
		(size_t)limits->redirects)
		return run_fail(run, "more than %ld redirects (filter.max-redirects)",
			limits->redirects);
	return 0;
}
