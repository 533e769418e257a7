/*
 * The fields that a test looks at: see fields.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/tests/fields.h"

#include "filter/parts/headers.h"
#include "filter/parts/loop.h"

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

/* One name in one header. */
static int each_field(const struct node *node, struct message *m, struct slice name,
	fields_visit *visit, void *context)
{
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
static int each_indexed(const struct node *node, struct message *m, const struct slice *names,
	size_t count, fields_visit *visit, void *context)
{
	const struct field_index *index = &node->index;
	struct found found = { 0 };
	int got = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t at = message_find(m, names[i]); at != MESSAGE_NONE;
			at = message_find_next(m, at)) {
			if (found.count == found.room) {
				found.room = found.room ? found.room * 2 : 8;
				found.at = mem_grow(found.at, found.room, sizeof(*found.at));
			}
			found.at[found.count++] = at;
		}
	}
	if (index->number <= found.count)
		got = visit(m,
			found.at[index->last ? found.count - index->number : index->number - 1],
			context);
	free(found.at);
	return got;
}

static int each_in_header(const struct node *node, struct message *m, const struct slice *names,
	size_t count, fields_visit *visit, void *context)
{
	if (node->index.number > 0 && count > 1)
		return each_indexed(node, m, names, count, visit, context);
	for (size_t i = 0; i < count; i++) {
		int got = each_field(node, m, names[i], visit, context);

		if (got != 0)
			return got;
	}
	return 0;
}

static int each_in_part(struct run *run, const struct node *node, size_t part,
	const struct slice *names, size_t count, fields_visit *visit, void *context)
{
	struct fault why;
	struct message *m = headers_of(run->message, part, &why);

	if (!m)
		return run_fail(run, "%s", why.text);
	return each_in_header(node, m, names, count, visit, context);
}

/* RFC 5703 section 4.1: the part at hand, with :anychild those in it, too. */
static int each_in_parts(struct run *run, const struct node *node, const struct slice *names,
	size_t count, fields_visit *visit, void *context)
{
	size_t part = loop_part(run);
	bool alone = !node->mime->anychild;
	const struct parts *parts;
	size_t end;

	if (part == 0 && alone)
		return each_in_header(node, run->message, names, count, visit, context);
	parts = loop_parts(run);
	if (!parts)
		return -1;
	if (part >= parts->count)
		return 0;
	end = alone ? part + 1 : parts->at[part].end;
	for (; part < end; part++) {
		int got = loop_visit(run);

		if (got == 0)
			got = each_in_part(run, node, part, names, count, visit, context);
		if (got != 0)
			return got;
	}
	return alone ? 0 : loop_complete(run);
}

static int each(struct run *run, const struct node *node, const struct slice *names,
	size_t count, fields_visit *visit, void *context)
{
	if (!node->mime)
		return each_in_header(node, run->message, names, count, visit, context);
	return each_in_parts(run, node, names, count, visit, context);
}

int fields_each_named(struct run *run, const struct node *node, struct slice name,
	fields_visit *visit, void *context)
{
	return each(run, node, &name, 1, visit, context);
}

/* Names with variables go to *room, behind each other. */
static int expand(struct run *run, const struct template_list *list, struct slice *names,
	struct buf *room)
{
	AUTO_BUF one = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (run_expand(run, &list->at[i], &one, &names[i]) < 0)
			return -1;
		if (!list->at[i].constant)
			buf_add_slice(room, names[i]);
	}
	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].constant)
			continue;
		names[i].ptr = buf_slice(room).ptr + at;
		at += names[i].len;
	}
	return 0;
}

int fields_each(struct run *run, const struct node *node, const struct template_list *list,
	fields_visit *visit, void *context)
{
	enum { FEW = 8 };
	struct slice few[FEW];
	AUTO_FREE struct slice *many = NULL;
	struct slice *names = few;
	AUTO_BUF room = { 0 };

	if (list->count > FEW)
		names = many = mem_get(list->count * sizeof(*many));
	if (expand(run, list, names, &room) < 0)
		return -1;
	return each(run, node, names, list->count, visit, context);
}
