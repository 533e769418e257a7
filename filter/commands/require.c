/*
 * require (RFC 5228 section 3.2): what a script makes use of.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/commands/command.h"

static int check_one(struct checker *checker, const struct template *name)
{
	capability_set bit = vocabulary_capability(name->text);
	const char *near;

	/* Section 5 of its specification: it implies the other. */
	if (bit == CAPABILITY_DOVECOT_ENVIRONMENT)
		bit |= CAPABILITY_ENVIRONMENT;
	checker->script->capabilities |= bit;
	if (bit)
		return 0;
	near = vocabulary_near_capability(name->text);
	if (near)
		return checker_complain_at(checker, name,
			"unknown capability \"%.*s\", expected perhaps \"%s\"",
			SLICE_ARG(slice_first(name->text, 60)), near);
	return checker_complain_at(checker, name,
		"unknown capability \"%.*s\", expected one of mailrail-sieve(5)",
		SLICE_ARG(slice_first(name->text, 60)));
}

static int check_require(struct checker *checker, struct node *node)
{
	int result = 0;

	if (checker->require_over)
		return checker_complain(checker, node,
			"\"require\" stands behind another command, expected it at the top");
	for (size_t i = 0; i < node->strings[0].count; i++) {
		if (check_one(checker, &node->strings[0].at[i]) < 0)
			result = -1;
	}
	return result;
}

static int run_require(struct run *run, const struct node *node)
{
	(void)run;
	(void)node;
	return 0;
}

const struct word command_require = {
	.name = "require",
	.positions = "S",
	.check = check_require,
	.run = run_require,
};
