/*
 * global (RFC 6609 section 3.4.1): variables that all scripts share.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/commands/command.h"
#include "filter/language/template.h"

static int check_one(struct checker *checker, const struct template *name)
{
	struct script *script = checker->script;

	if (!template_is_identifier(name->text))
		return checker_complain_at(checker, name,
			"\"%.*s\" is no name of a variable, expected letters, digits and _",
			SLICE_ARG(slice_first(name->text, 40)));
	if (template_is_set(script, name->text))
		return checker_complain_at(checker, name,
			"\"%.*s\" was set before, expected \"global\" in front of its first \"set\"",
			SLICE_ARG(slice_first(name->text, 40)));
	if (template_share(script, name->text) < 0)
		return checker_complain_at(checker, name,
			"too many variables, expected at most %d", VARIABLE_MAX);
	return 0;
}

static int check_global(struct checker *checker, struct node *node)
{
	int result = 0;

	if (!(checker->script->capabilities & CAPABILITY_VARIABLES))
		return checker_complain(checker, node,
			"\"global\" expected require \"variables\" at the top");
	for (size_t i = 0; i < node->strings[0].count; i++) {
		const struct template *name = &node->strings[0].at[i];

		if (!name->constant)
			result = checker_complain_at(checker, name,
				"expected a string without variables");
		else if (check_one(checker, name) < 0)
			result = -1;
	}
	return result;
}

static int run_global(struct run *run, const struct node *node)
{
	(void)run;
	(void)node;
	return 0;
}

const struct word command_global = {
	.name = "global",
	.capability = CAPABILITY_INCLUDE,
	.positions = "S",
	.check = check_global,
	.run = run_global,
};
