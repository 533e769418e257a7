/*
 * The values that address and envelope compare: see values.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/tests/values.h"

#include "filter/tests/address_parts.h"

struct value_spec values_wanted(const struct node *node, const char *delimiters)
{
	bool count = node->match.type == MATCH_COUNT;

	return (struct value_spec){ count ? PART_ALL : node->part, delimiters, count };
}

int values_of_field(struct message *m, size_t field, const struct value_spec *spec,
	value_visit *visit, void *context, bool *cut)
{
	const struct address_list *list;
	AUTO_BUF room = { 0 };
	struct slice value;
	size_t bad;
	int got = 0;

	list = message_addresses(m, field, &bad);
	*cut = list->cut;
	for (size_t i = 0; i < list->count && got == 0; i++) {
		if (address_parts_take(&list->at[i], spec->part, spec->delimiters, &room, &value))
			got = visit(context, value);
	}
	if (got == 0 && list->count == 0 && !list->cut && bad > 0 && spec->part == PART_ALL &&
		!spec->addresses_only) {
		buf_clear(&room);
		message_raw_value(m, field, &room);
		got = visit(context, slice_trim(buf_slice(&room)));
	}
	return got;
}

static int visit_path(struct slice path, const struct value_spec *spec, value_visit *visit,
	void *context)
{
	struct address_list list = { 0 };
	AUTO_BUF room = { 0 };
	struct slice value;
	int got = 0;

	path = slice_trim(path);
	if (path.len == 0 || slice_is(path, "<>"))
		return spec->addresses_only ? 0 : visit(context, (struct slice){ "", 0 });
	address_read_list(path, &list, NULL);
	if (list.count > 0 &&
		address_parts_take(&list.at[0], spec->part, spec->delimiters, &room, &value))
		got = visit(context, value);
	else if (list.count == 0 && spec->part == PART_ALL)
		got = visit(context, path);
	address_list_free(&list);
	return got;
}

static int visit_sender(struct message *m, const struct value_spec *spec, value_visit *visit,
	void *context)
{
	AUTO_BUF path = { 0 };
	size_t field;

	if (m->frame && m->frame->mail_from_known)
		return visit_path(buf_slice(&m->frame->mail_from), spec, visit, context);
	field = message_find(m, SLICE("return-path"));
	if (field == MESSAGE_NONE)
		return 0;
	message_raw_value(m, field, &path);
	return visit_path(buf_slice(&path), spec, visit, context);
}

static int visit_name(struct slice name, const struct value_spec *spec, value_visit *visit,
	void *context)
{
	name = slice_trim(name);
	if (spec->part != PART_ALL || name.len == 0)
		return visit_path(name, spec, visit, context);
	return visit(context, name);
}

/* Lines of the frame that no member holds: mailrail-stream(5). */
static int visit_lines(const struct frame *frame, const char *head, bool path,
	const struct value_spec *spec, value_visit *visit, void *context)
{
	int got = 0;

	for (size_t i = 0; i < frame->others.count && got == 0; i++) {
		struct slice line = slice_text(frame->others.at[i]);

		if (!slice_starts(line, head))
			continue;
		slice_skip(&line, strlen(head));
		got = path ? visit_path(line, spec, visit, context)
			   : visit_name(line, spec, visit, context);
	}
	return got;
}

bool values_envelope_part(struct slice name)
{
	return slice_is_case(name, "from") || slice_is_case(name, "to") ||
		slice_is_case(name, "orig_to") || slice_is_case(name, "auth");
}

int values_of_envelope(struct message *m, struct slice name, const struct value_spec *spec,
	value_visit *visit, void *context)
{
	int got = 0;

	if (slice_is_case(name, "from"))
		return visit_sender(m, spec, visit, context);
	if (!m->frame)
		return 0;
	if (slice_is_case(name, "orig_to"))
		return visit_lines(m->frame, "orig-to: ", true, spec, visit, context);
	if (slice_is_case(name, "auth"))
		return visit_lines(m->frame, "auth: ", false, spec, visit, context);
	for (size_t i = 0; i < m->frame->rcpt_to.count && got == 0; i++)
		got = visit_path(slice_text(m->frame->rcpt_to.at[i]), spec, visit, context);
	return got;
}
