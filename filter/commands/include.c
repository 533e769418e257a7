/*
 * include and return (RFC 6609 sections 3.2 and 3.3).
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/utf8.h"
#include "filter/language/complaint.h"
#include "filter/commands/command.h"
#include "filter/evaluate.h"

enum { TAG_PERSONAL, TAG_GLOBAL, TAG_ONCE, TAG_OPTIONAL };

static const struct tag tags[] = {
	[TAG_PERSONAL] = { "personal", 0, 1, VALUE_NONE },
	[TAG_GLOBAL] = { "global", 0, 1, VALUE_NONE },
	[TAG_ONCE] = { "once", 0, 0, VALUE_NONE },
	[TAG_OPTIONAL] = { "optional", 0, 0, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

/* LIMIT: length of a script's name: with its suffix it must fit a directory entry. */
enum { NAME_LONGEST = 200 };

/*
 * RFC 5804 section 1.6 (no control characters, no U+2028 and U+2029), and what would lead out
 * of the directory.
 */
static const char *wrong_name(struct slice name)
{
	if (name.len == 0)
		return "is empty";
	if (name.len > NAME_LONGEST)
		return "is longer than 200 bytes";
	if (name.ptr[0] == '.')
		return "begins with a dot";
	if (slice_find_byte(name, '/') >= 0)
		return "holds a \"/\"";
	if (!utf8_valid(name))
		return "is no UTF-8";
	for (size_t i = 0; i < name.len; i++) {
		if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == 0x7f)
			return "holds a control character";
	}
	if (slice_find(name, SLICE("\xe2\x80\xa8")) >= 0 ||
		slice_find(name, SLICE("\xe2\x80\xa9")) >= 0)
		return "holds a line end";
	return NULL;
}

static int check_include(struct checker *checker, struct node *node)
{
	struct script *script = checker->script;
	const struct template *name = node->strings[0].at;
	struct inclusion *one;

	if (wrong_name(name->text))
		return checker_complain_at(checker, name,
			"the name of the script \"%.*s\" %s, expected a plain name",
			SLICE_ARG(slice_first(name->text, 60)), wrong_name(name->text));
	one = arena_get(&script->arena, sizeof(*one));
	*one = (struct inclusion){ .name = name->text, .line = node->line,
		.global = node->tags & 1U << TAG_GLOBAL, .next = script->inclusions };
	script->inclusions = one;
	node->own = one;
	return 0;
}

static int run_include(struct run *run, const struct node *node)
{
	const struct inclusion *one = node->own;
	bool once = node->tags & 1U << TAG_ONCE;

	if (!one->script) {
		if (node->tags & 1U << TAG_OPTIONAL)
			return 0;
		return run_fail(run, "there is no %s script \"%.*s\" to include (filter.%s)",
			one->global ? "global" : "personal", SLICE_ARG(one->name),
			one->global ? "global-include-dir" : "include-dir");
	}
	return evaluate_included(run, one->script, once);
}

static int run_return(struct run *run, const struct node *node)
{
	if (run->trace)
		run->trace->action(run->trace->context, run->script, node);
	run->returned = true;
	return 1;
}

const struct word command_include = {
	.name = "include",
	.capability = CAPABILITY_INCLUDE,
	.tags = tags,
	.positions = "c",
	.check = check_include,
	.run = run_include,
};

const struct word command_return = {
	.name = "return",
	.capability = CAPABILITY_INCLUDE,
	.run = run_return,
};
