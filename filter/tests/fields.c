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

struct found {
	size_t *at;
	size_t count;
	size_t room;
};

/* Of several names, too, all fields are counted, in the order of the names (section 6). */
static int each_indexed(struct run *run, const struct node *node,
	const struct template_list *names, fields_visit *visit, void *context)
{
	const struct field_index *index = &node->index;
	struct message *m = run->message;
	struct found found = { 0 };
	AUTO_BUF room = { 0 };
	struct slice name;
	int got = 0;

	for (size_t i = 0; i < names->count && got == 0; i++) {
		got = run_expand(run, &names->at[i], &room, &name);
		if (got < 0)
			break;
		for (size_t at = message_find(m, name); at != MESSAGE_NONE;
			at = message_find_next(m, at)) {
			if (found.count == found.room) {
				found.room = found.room ? found.room * 2 : 8;
				found.at = mem_grow(found.at, found.room, sizeof(*found.at));
			}
			found.at[found.count++] = at;
		}
	}
	if (got == 0 && index->number <= found.count)
		got = visit(m,
			found.at[index->last ? found.count - index->number : index->number - 1],
			context);
	free(found.at);
	return got;
}

int fields_each(struct run *run, const struct node *node, const struct template_list *names,
	fields_visit *visit, void *context)
{
	AUTO_BUF room = { 0 };

	if (node->index.number > 0 && names->count > 1)
		return each_indexed(run, node, names, visit, context);

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
