/*
 * envelope (RFC 5228 section 5.4): MAIL FROM and RCPT TO, as the frame has them.
 *
 * Mail that was fetched has no envelope any more, but its last server left the sender in
 * the topmost Return-Path (RFC 5321 section 4.4): that is taken where the frame says
 * nothing. For the recipient there is no such field that can be trusted.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/complaint.h"
#include "filter/keys.h"
#include "filter/tests/address_parts.h"
#include "filter/tests/test.h"

static bool is_part(struct slice name)
{
	return slice_is_case(name, "from") || slice_is_case(name, "to");
}

static int check_envelope(struct checker *checker, struct node *node)
{
	for (size_t i = 0; i < node->strings[0].count; i++) {
		const struct template *name = &node->strings[0].at[i];

		if (name->constant && !is_part(name->text))
			return checker_complain_at(checker, name,
				"unknown part of the envelope \"%.*s\", expected \"from\" or "
					"\"to\"",
				SLICE_ARG(slice_first(name->text, 40)));
	}
	return 0;
}

/* One path. The null sender is the empty text whatever the part; :count leaves it out. */
static int try_path(struct keys *keys, struct slice path, struct buf *room)
{
	struct address_list list = { 0 };
	enum match_type type = keys->node->match.type;
	struct slice value;
	int got = 0;

	path = slice_trim(path);
	if (path.len == 0 || slice_is(path, "<>"))
		return type == MATCH_COUNT ? 0 : keys_try(keys, (struct slice){ "", 0 });
	address_read_list(path, &list, NULL);
	if (list.count > 0 && address_parts_take(&list.at[0], keys->node->part,
				      keys->run->settings->recipient_delimiter, room, &value))
		got = keys_try(keys, value);
	else if (list.count == 0 && keys->node->part == PART_ALL)
		got = keys_try(keys, path);
	address_list_free(&list);
	return got;
}

static int try_from(struct run *run, struct keys *keys, struct buf *room)
{
	const struct frame *frame = run->message->frame;
	AUTO_BUF path = { 0 };
	size_t field;

	if (frame && frame->mail_from_known)
		return try_path(keys, buf_slice(&frame->mail_from), room);
	field = message_find(run->message, SLICE("return-path"));
	if (field == MESSAGE_NONE)
		return 0;
	message_raw_value(run->message, field, &path);
	return try_path(keys, buf_slice(&path), room);
}

static int try_to(struct run *run, struct keys *keys, struct buf *room)
{
	const struct frame *frame = run->message->frame;
	int got = 0;

	for (size_t i = 0; frame && i < frame->rcpt_to.count && got == 0; i++)
		got = try_path(keys, slice_text(frame->rcpt_to.at[i]), room);
	return got;
}

static int test_paths(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_BUF room = { 0 };
	AUTO_BUF name_room = { 0 };

	if (keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	for (size_t i = 0; i < node->strings[0].count; i++) {
		struct slice name;
		int got = run_expand(run, &node->strings[0].at[i], &name_room, &name);

		if (got < 0)
			return -1;
		if (!is_part(name))
			return run_fail(run, "unknown part of the envelope \"%.*s\"",
				SLICE_ARG(slice_first(name, 40)));
		got = slice_is_case(name, "from") ? try_from(run, &keys, &room)
						  : try_to(run, &keys, &room);
		if (got != 0)
			return got;
	}
	return keys_finish(&keys);
}

const struct word test_envelope = {
	.name = "envelope",
	.capability = CAPABILITY_ENVELOPE,
	.uses = USES_MATCH | USES_LIST | USES_PART,
	.positions = "SS",
	.check = check_envelope,
	.test = test_paths,
};
