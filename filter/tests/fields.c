/*
 * The fields that a test looks at: see fields.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/tests/fields.h"

static size_t count_fields(struct message *m, struct slice name)
{
	size_t count = 0;

	for (size_t at = message_find(m, name); at != MESSAGE_NONE;
		at = message_find_next(m, at))
		count++;
	return count;
}

/* The only one that counts, or MESSAGE_NONE. */
static size_t find_indexed(struct message *m, const struct field_index *index, struct slice name)
{
	uint64_t wanted = index->number;
	size_t at = message_find(m, name);

	if (index->last) {
		size_t count = count_fields(m, name);

		if (wanted > count)
			return MESSAGE_NONE;
		wanted = count - wanted + 1;
	}
	for (; at != MESSAGE_NONE && wanted > 1; wanted--)
		at = message_find_next(m, at);
	return at;
}

int fields_each_named(struct run *run, const struct node *node, struct slice name,
	fields_visit *visit, void *context)
{
	struct message *m = run->message;
	size_t at;

	if (node->index.number > 0) {
		at = find_indexed(m, &node->index, name);
		return at == MESSAGE_NONE ? 0 : visit(m, at, context);
	}
	for (at = message_find(m, name); at != MESSAGE_NONE; at = message_find_next(m, at)) {
		int got = visit(m, at, context);

		if (got != 0)
			return got;
	}
	return 0;
}

int fields_each(struct run *run, const struct node *node, const struct template_list *names,
	fields_visit *visit, void *context)
{
	AUTO_BUF room = { 0 };

	for (size_t i = 0; i < names->count; i++) {
		struct slice name;
		int got = run_expand(run, &names->at[i], &room, &name);

		if (got == 0)
			got = fields_each_named(run, node, name, visit, context);
		if (got != 0)
			return got;
	}
	return 0;
}
