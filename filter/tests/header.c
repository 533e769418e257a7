/*
 * header (RFC 5228 section 5.7): the values of fields, decoded and trimmed. What is no name
 * of a field is no mistake, it only matches none (section 2.4.2.2); so with exists.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/keys.h"
#include "filter/tests/fields.h"
#include "filter/tests/mime_values.h"
#include "filter/tests/test.h"

struct looking {
	struct keys *keys;
	struct strings params; /* of :param */
};

static int try_field(struct message *message, size_t field, void *context)
{
	const struct looking *l = context;
	const struct mime_spec *mime = l->keys->node->mime;

	if (mime && mime->option != MIME_VALUE)
		return mime_values_try(l->keys, &l->params, message, field);
	return keys_try(l->keys, message_value(message, field));
}

static int test_values(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	struct looking looking = { .keys = &keys };
	int got = 0;

	if (keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	if (node->mime)
		got = run_expand_all(run, &node->mime->params, &looking.params);
	if (got == 0)
		got = fields_each(run, node, &node->strings[0], try_field, &looking);
	strings_free(&looking.params);
	return got != 0 ? got : keys_finish(&keys);
}

const struct word test_header = {
	.name = "header",
	.uses = USES_MATCH | USES_LIST | USES_INDEX | USES_MIME | USES_MIME_OPTIONS,
	.positions = "SS",
	.test = test_values,
};
