/*
 * exists (RFC 5228 section 5.5): all of the named fields are there.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/tests/fields.h"
#include "filter/tests/test.h"

static int see_field(struct message *message, size_t field, void *context)
{
	struct run *run = context;

	if (run->trace)
		run_saw(run, message_value(message, field));
	return 1;
}

static int test_fields(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };

	for (size_t i = 0; i < node->strings[0].count; i++) {
		struct slice name;
		int got;

		if (run_expand(run, &node->strings[0].at[i], &room, &name) < 0)
			return -1;
		got = fields_each_named(run, node, name, see_field, run);
		if (got != 1)
			return got;
	}
	return 1;
}

const struct word test_exists = {
	.name = "exists",
	.uses = USES_MIME,
	.positions = "S",
	.test = test_fields,
};
