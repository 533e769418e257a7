/*
 * setflag, addflag, removeflag (RFC 5232 section 3).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/commands/command.h"
#include "filter/evaluate.h"
#include "filter/flags.h"
#include "filter/language/template.h"

static int check_flags(struct checker *checker, struct node *node)
{
	const struct template *name = node->strings[0].at;

	if (!name)
		return 0;
	if (!(checker->script->capabilities & CAPABILITY_VARIABLES))
		return checker_complain_at(checker, name,
			"the name of a variable expected require \"variables\" at the top");
	if (!template_is_identifier(name->text))
		return checker_complain_at(checker, name,
			"\"%.*s\" is no name of a variable, expected letters, digits and _",
			SLICE_ARG(slice_first(name->text, 40)));
	if (template_variable(checker->script, name->text, &node->variable) < 0)
		return checker_complain(checker, node, "too many variables, expected at most %d",
			VARIABLE_MAX);
	return 0;
}

typedef void change(struct strings *set, struct slice text);

static int apply(struct run *run, const struct node *node, struct strings *set, change *how)
{
	AUTO_BUF room = { 0 };
	struct slice text;

	for (size_t i = 0; i < node->strings[1].count; i++) {
		if (run_expand(run, &node->strings[1].at[i], &room, &text) < 0)
			return -1;
		how(set, text);
	}
	return 0;
}

/* On the internal variable, or on the text of a named one. */
static int run_change(struct run *run, const struct node *node, bool afresh, change *how)
{
	AUTO_STRINGS set = { 0 };
	AUTO_BUF text = { 0 };

	if (!afresh && node->variable == VARIABLE_NONE)
		flags_copy(&set, &run->flags);
	else if (!afresh)
		flags_add(&set, buf_slice(&run->variables[node->variable]));
	if (apply(run, node, &set, how) < 0)
		return -1;
	if (node->variable == VARIABLE_NONE) {
		struct strings swap = run->flags;

		run->flags = set;
		set = swap;
		return 0;
	}
	flags_put(&text, &set);
	buf_swap(&run->variables[node->variable], &text);
	return 0;
}

static int run_setflag(struct run *run, const struct node *node)
{
	return run_change(run, node, true, flags_add);
}

static int run_addflag(struct run *run, const struct node *node)
{
	return run_change(run, node, false, flags_add);
}

static int run_removeflag(struct run *run, const struct node *node)
{
	return run_change(run, node, false, flags_remove);
}

const struct word command_setflag = {
	.name = "setflag",
	.capability = CAPABILITY_IMAP4FLAGS,
	.positions = "c?S",
	.check = check_flags,
	.run = run_setflag,
};

const struct word command_addflag = {
	.name = "addflag",
	.capability = CAPABILITY_IMAP4FLAGS,
	.positions = "c?S",
	.check = check_flags,
	.run = run_addflag,
};

const struct word command_removeflag = {
	.name = "removeflag",
	.capability = CAPABILITY_IMAP4FLAGS,
	.positions = "c?S",
	.check = check_flags,
	.run = run_removeflag,
};
