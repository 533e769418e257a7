/*
 * set (RFC 5229 section 4), with its modifiers.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/commands/command.h"
#include "filter/commands/modifiers.h"
#include "filter/evaluate.h"
#include "filter/language/template.h"

static const struct tag tags[] = {
	MODIFIER_ROWS,
	{ NULL, 0, 0, VALUE_NONE },
};

static int check_set(struct checker *checker, struct node *node)
{
	const struct template *name = node->strings[0].at;
	const struct template *value = node->strings[1].at;
	const char *wrong = template_assign(checker->script, name->text, &node->variable);

	if (wrong)
		return checker_complain_at(checker, name, "\"%.*s\" %s",
			SLICE_ARG(slice_first(name->text, 40)), wrong);
	if (value->constant && value->text.len > VALUE_MAX)
		return checker_complain_at(checker, value,
			"value too long, expected at most %d bytes", VALUE_MAX);
	return 0;
}

static int run_set(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };
	AUTO_BUF text = { 0 };
	struct slice value;

	if (run_expand(run, node->strings[1].at, &room, &value) < 0)
		return -1;
	buf_set(&text, value);
	modifiers_apply(&text, node->tags);
	buf_swap(&run->variables[node->variable], &text);
	return 0;
}

const struct word command_set = {
	.name = "set",
	.capability = CAPABILITY_VARIABLES,
	.tags = tags,
	.positions = "cs",
	.check = check_set,
	.run = run_set,
};
