/*
 * addheader (RFC 5293 section 4): a field on top of the header, or at its end.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/command.h"
#include "filter/language/complaint.h"
#include "filter/edit/edit.h"
#include "filter/edit/field.h"

enum { TAG_LAST };

static const struct tag tags[] = {
	[TAG_LAST] = { "last", 0, 0, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

static int check_add(struct checker *checker, struct node *node)
{
	const struct template *name = node->strings[0].at;
	const struct template *value = node->strings[1].at;

	if (name->constant && !field_is_name(name->text))
		return checker_complain_at(checker, name,
			"\"%.*s\" is no name of a header field, expected printable ASCII without "
				"blanks and \":\"",
			SLICE_ARG(slice_first(name->text, 40)));
	if (value->constant && value->text.len > FIELD_MAX)
		return checker_complain_at(checker, value,
			"value too long, expected at most %d bytes", FIELD_MAX);
	return 0;
}

static int run_add(struct run *run, const struct node *node)
{
	AUTO_BUF name_room = { 0 };
	AUTO_BUF value_room = { 0 };
	AUTO_BUF field = { 0 };
	struct slice name;
	struct slice value;

	if (run_expand(run, node->strings[0].at, &name_room, &name) < 0 ||
		run_expand(run, node->strings[1].at, &value_room, &value) < 0)
		return -1;
	if (!field_is_name(name))
		return run_fail(run, "\"%.*s\" is no name of a header field",
			SLICE_ARG(slice_first(name, 40)));
	if (!field_put(&field, name, value))
		return run_fail(run, "the field %.*s would be longer than %d bytes",
			SLICE_ARG(slice_first(name, 40)), FIELD_MAX);
	return edit_add_field(run, buf_slice(&field), node->tags & 1U << TAG_LAST);
}

const struct word command_addheader = {
	.name = "addheader",
	.capability = CAPABILITY_EDITHEADER,
	.tags = tags,
	.positions = "ss",
	.check = check_add,
	.run = run_add,
};
