/*
 * replace (RFC 5703 section 5): another text in the place of a part, or of all that the
 * message holds.
 *
 * The message itself, and a message within it, keep their other fields. The text can close
 * no multipart around it: where a line of it looks like a boundary it goes as base64, and an
 * entity with such a line is an error.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/address.h"
#include "common/mail/parameter.h"
#include "common/mail/word.h"
#include "filter/commands/command.h"
#include "filter/language/complaint.h"
#include "filter/edit/field.h"
#include "filter/edit/rebuild.h"
#include "filter/parts/headers.h"
#include "filter/parts/loop.h"
#include "filter/reply/body.h"
#include "filter/reply/compose.h"
#include "filter/reply/entity.h"

enum { TAG_MIME, TAG_SUBJECT, TAG_FROM };

static const struct tag tags[] = {
	[TAG_MIME] = { "mime", 0, 0, VALUE_NONE },
	[TAG_SUBJECT] = { "subject", 0, 0, VALUE_STRING },
	[TAG_FROM] = { "from", 0, 0, VALUE_STRING },
	{ NULL, 0, 0, VALUE_NONE },
};

/* mailbox-list (RFC 5322 section 3.4): addresses with their domains, no group. */
static bool is_mailbox_list(struct slice text)
{
	AUTO_ADDRESSES list = { 0 };
	size_t bad = 0;

	address_read_list(text, &list, &bad);
	for (size_t i = 0; i < list.count; i++) {
		if (!list.at[i].local || !list.at[i].domain)
			return false;
	}
	return bad == 0 && list.count > 0 && list.groups.count == 0 && !list.cut;
}

static int check_replace(struct checker *checker, struct node *node)
{
	const struct template *text = node->strings[0].at;
	bool mime = node->tags & 1U << TAG_MIME;
	struct fault why;

	if (mime && node->tags & (1U << TAG_SUBJECT | 1U << TAG_FROM))
		return checker_complain(checker, node,
			"\":subject\" and \":from\" do not go with \":mime\"");
	if (mime && text->constant && entity_check(text->text, &why) < 0)
		return checker_complain_at(checker, text, "%s", why.text);
	if (node->tags & 1U << TAG_FROM) {
		const struct template *from = node->tag_values[TAG_FROM].strings.at;

		if (from->constant && !is_mailbox_list(from->text))
			return checker_complain_at(checker, from,
				"\":from\" expected addresses, name@domain");
	}
	return 0;
}

/* A line that a reader would take for a boundary of a multipart around it. */
static bool has_boundary(struct slice text, struct slice boundary)
{
	struct slice line;

	while (slice_line(&text, &line)) {
		if (slice_starts(line, "--") &&
			slice_equal(slice_first(slice_from(line, 2), boundary.len), boundary))
			return true;
	}
	return false;
}

/* Whether the text closes one of the multiparts that the part is in: 1, 0 or -1. */
static int closes(struct run *run, const struct parts *parts, size_t part, struct slice text)
{
	for (size_t at = parts->at[part].parent; at != PART_NONE; at = parts->at[at].parent) {
		AUTO_BUF value = { 0 };
		AUTO_BUF boundary = { 0 };
		struct message *header;
		struct fault why;
		size_t field;

		if (!parts->at[at].is_multipart)
			continue;
		header = headers_of(run->message, at, &why);
		if (!header)
			return run_fail(run, "%s", why.text);
		field = message_find(header, SLICE("content-type"));
		if (field == MESSAGE_NONE)
			continue;
		message_raw_value(header, field, &value);
		if (parameter_bytes(buf_slice(&value), "boundary", &boundary) &&
			has_boundary(text, buf_slice(&boundary)))
			return 1;
	}
	return 0;
}

static void put_base64(struct slice text, struct buf *out)
{
	enum { LINE = 57 }; /* 76 characters */
	AUTO_BUF clean = { 0 };
	struct slice rest;

	body_clean(text, &clean);
	buf_add_text(out, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
		"Content-Transfer-Encoding: base64\n\n");
	for (rest = buf_slice(&clean); rest.len > 0;) {
		struct slice line = slice_first(rest, LINE);

		word_base64_encode(line, out);
		buf_add_byte(out, '\n');
		slice_skip(&rest, line.len);
	}
}

/* MIME fields, the empty line and the content, with LF. */
static int make_entity(struct run *run, const struct node *node, const struct parts *parts,
	size_t part, struct buf *out)
{
	bool mime = node->tags & 1U << TAG_MIME;
	AUTO_BUF room = { 0 };
	struct slice text;
	struct fault why;
	int closed;

	if (run_expand(run, node->strings[0].at, &room, &text) < 0)
		return -1;
	if (mime && entity_check(text, &why) < 0)
		return run_fail(run, "%s", why.text);
	if (mime)
		entity_put(text, out);
	else
		body_put(text, out);
	closed = part == 0 ? 0 : closes(run, parts, part, buf_slice(out));
	if (closed < 1)
		return closed;
	if (mime)
		return run_fail(run, "a line of the MIME entity would end the multipart that it "
			"stands in");
	buf_clear(out);
	put_base64(text, out);
	return 0;
}

static int take_subject(struct run *run, const struct node *node, struct buf *out)
{
	AUTO_BUF room = { 0 };
	struct slice text;

	if (!(node->tags & 1U << TAG_SUBJECT))
		return 0;
	if (run_expand(run, node->tag_values[TAG_SUBJECT].strings.at, &room, &text) < 0)
		return -1;
	compose_text(out, "Subject", text);
	return 0;
}

static int take_from(struct run *run, const struct node *node, struct buf *out)
{
	AUTO_BUF room = { 0 };
	struct slice text;

	if (!(node->tags & 1U << TAG_FROM))
		return 0;
	if (run_expand(run, node->tag_values[TAG_FROM].strings.at, &room, &text) < 0)
		return -1;
	if (!is_mailbox_list(text))
		return run_fail(run, "\"%.*s\" is no list of addresses",
			SLICE_ARG(slice_first(text, 80)));
	if (!field_put(out, SLICE("From"), text))
		return run_fail(run, "the field From would be too long");
	buf_add_byte(out, '\n');
	return 0;
}

static int replace_message(struct run *run, const struct node *node)
{
	struct slice header = run->message->header;
	AUTO_BUF subject = { 0 };
	AUTO_BUF from = { 0 };
	AUTO_BUF entity = { 0 };
	AUTO_REBUILD b;

	rebuild_start(&b, run);
	if (run->message->cut)
		return run_fail(run, "the header is longer than 1 MiB");
	if (make_entity(run, node, NULL, 0, &entity) < 0 ||
		take_subject(run, node, &subject) < 0 || take_from(run, node, &from) < 0 ||
		rebuild_fields(&b, header, subject.len > 0 ? &subject : NULL,
			from.len > 0 ? &from : NULL) < 0 ||
		rebuild_text(&b, buf_slice(&entity)) < 0)
		return -1;
	return rebuild_finish(&b);
}

/* MIME-Version belongs to messages. */
static struct slice without_version(struct slice entity)
{
	static const char version[] = "MIME-Version: 1.0\n";

	return slice_starts(entity, version) ? slice_from(entity, sizeof(version) - 1) : entity;
}

static int replace_part(struct run *run, const struct node *node, struct parts *parts,
	size_t number)
{
	const struct part part = parts->at[number];
	struct message *now = run->message;
	struct slice text;
	AUTO_BUF entity = { 0 };
	AUTO_REBUILD b;

	rebuild_start(&b, run);
	if (make_entity(run, node, parts, number, &entity) < 0 ||
		rebuild_copy(&b, 0, part.header_at) < 0)
		return -1;
	text = buf_slice(&entity);
	if (parts->at[part.parent].is_message) {
		struct fault why;
		struct message *header = headers_of(now, number, &why);

		if (!header)
			return run_fail(run, "%s", why.text);
		if (part.body_at - part.header_at > MESSAGE_HEADER_MAX)
			return run_fail(run, "the header of a part is longer than 1 MiB");
		if (rebuild_fields(&b, header->header, NULL, NULL) < 0)
			return -1;
	} else {
		text = without_version(text);
	}
	/* The line end before a boundary belongs to that. */
	if (part.end_at < now->size && text.len > 0)
		text.len--;
	if (rebuild_text(&b, text) < 0 || rebuild_copy(&b, part.end_at, now->size) < 0)
		return -1;
	return rebuild_finish(&b);
}

static int run_replace(struct run *run, const struct node *node)
{
	size_t number = loop_part(run);
	struct parts *parts;

	if (!run->versions)
		return run_fail(run, "the message cannot be changed here");
	if (number == 0)
		return replace_message(run, node);
	parts = loop_parts(run);
	if (!parts)
		return -1;
	/* An earlier command of this round took the part away. */
	return number < parts->count ? replace_part(run, node, parts, number) : 0;
}

const struct word command_replace = {
	.name = "replace",
	.capability = CAPABILITY_REPLACE,
	.needs = NEEDS_BODY,
	.tags = tags,
	.positions = "s",
	.check = check_replace,
	.run = run_replace,
};
