/*
 * exists (RFC 5228 section 5.5): all of the named fields are there.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/evaluate.h"
#include "filter/tests/test.h"

static int test_fields(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };

	for (size_t i = 0; i < node->strings[0].count; i++) {
		struct slice name;
		size_t at;

		if (run_expand(run, &node->strings[0].at[i], &room, &name) < 0)
			return -1;
		at = message_find(run->message, name);
		if (at == MESSAGE_NONE)
			return 0;
		if (run->trace)
			run_saw(run, message_value(run->message, at));
	}
	return 1;
}

const struct word test_exists = {
	.name = "exists",
	.positions = "S",
	.test = test_fields,
};
