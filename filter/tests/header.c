/*
 * header (RFC 5228 section 5.7): the values of fields, decoded and trimmed. What is no name
 * of a field is no mistake, it only matches none (section 2.4.2.2); so with exists.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/keys.h"
#include "filter/tests/test.h"

static int try_fields(struct run *run, struct keys *keys, struct slice name)
{
	struct message *m = run->message;

	for (size_t at = message_find(m, name); at != MESSAGE_NONE;
		at = message_find_next(m, at)) {
		int got = keys_try(keys, message_value(m, at));

		if (got != 0)
			return got;
	}
	return 0;
}

static int test_values(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_BUF room = { 0 };

	if (keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	for (size_t i = 0; i < node->strings[0].count; i++) {
		struct slice name;
		int got = run_expand(run, &node->strings[0].at[i], &room, &name);

		if (got == 0)
			got = try_fields(run, &keys, name);
		if (got != 0)
			return got;
	}
	return keys_finish(&keys);
}

const struct word test_header = {
	.name = "header",
	.uses = USES_MATCH,
	.positions = "SS",
	.test = test_values,
};
