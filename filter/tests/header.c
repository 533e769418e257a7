/*
 * header (RFC 5228 section 5.7): the values of fields, decoded and trimmed. What is no name
 * of a field is no mistake, it only matches none (section 2.4.2.2); so with exists.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/keys.h"
#include "filter/tests/fields.h"
#include "filter/tests/test.h"

static int try_field(struct message *message, size_t field, void *context)
{
	return keys_try(context, message_value(message, field));
}

static int test_values(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	int got;

	if (keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	got = fields_each(run, node, &node->strings[0], try_field, &keys);
	return got != 0 ? got : keys_finish(&keys);
}

const struct word test_header = {
	.name = "header",
	.uses = USES_MATCH | USES_LIST | USES_INDEX,
	.positions = "SS",
	.test = test_values,
};
