/*
 * enclose (RFC 5703 section 6): the message becomes an attachment of a new one.
 *
 * "redirect" sends the message on as it was before (versions_plain).
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/sha256.h"
#include "filter/commands/command.h"
#include "filter/language/complaint.h"
#include "filter/edit/field.h"
#include "filter/edit/rebuild.h"
#include "filter/reply/body.h"
#include "filter/reply/compose.h"
#include "filter/reply/own.h"

enum { TAG_SUBJECT, TAG_HEADERS };

static const struct tag tags[] = {
	[TAG_SUBJECT] = { "subject", 0, 0, VALUE_STRING },
	[TAG_HEADERS] = { "headers", 0, 0, VALUE_STRINGS },
	{ NULL, 0, 0, VALUE_NONE },
};

static int check_enclose(struct checker *checker, struct node *node)
{
	const struct template_list *names;

	if (!(node->tags & 1U << TAG_HEADERS))
		return 0;
	names = &node->tag_values[TAG_HEADERS].strings;
	for (size_t i = 0; i < names->count; i++) {
		if (names->at[i].constant && !field_is_name(names->at[i].text))
			return checker_complain_at(checker, &names->at[i],
				"\"%.*s\" is no name of a header field",
				SLICE_ARG(slice_first(names->at[i].text, 40)));
	}
	return 0;
}

/* Adds all fields of a name as they stand; false when there is none. */
static bool copy_field(struct message *m, struct slice name, struct buf *out)
{
	size_t at = message_find(m, name);

	if (at == MESSAGE_NONE)
		return false;
	for (; at != MESSAGE_NONE; at = message_find_next(m, at)) {
		struct slice bytes = message_field_bytes(m, at);

		for (size_t i = 0; i < bytes.len; i++) {
			if (bytes.ptr[i] != '\r')
				buf_add_byte(out, bytes.ptr[i]);
		}
		if (out->ptr[out->len - 1] != '\n')
			buf_add_byte(out, '\n');
	}
	return true;
}

static bool is_named(const struct strings *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (slice_is_case(slice_text(names->at[i]), name))
			return true;
	}
	return false;
}

/* The user; when nobody knows who that is, whoever wrote the message. */
static void put_from(struct run *run, struct buf *out, struct buf *address)
{
	AUTO_STRINGS own = { 0 };

	own_addresses(run->message, run->settings, &own);
	if (own_choose(run->message, &own, address))
		buf_addf(out, "From: %s\n", buf_text(address));
	else
		copy_field(run->message, SLICE("From"), out);
}

static int put_subject(struct run *run, const struct node *node, struct buf *out)
{
	AUTO_BUF room = { 0 };
	struct slice text;

	if (!(node->tags & 1U << TAG_SUBJECT)) {
		copy_field(run->message, SLICE("Subject"), out);
		return 0;
	}
	if (run_expand(run, node->tag_values[TAG_SUBJECT].strings.at, &room, &text) < 0)
		return -1;
	compose_text(out, "Subject", text);
	return 0;
}

/* All fields but those of the content. */
static int put_fields(struct run *run, const struct node *node, struct buf *out)
{
	AUTO_STRINGS names = { 0 };
	AUTO_BUF address = { 0 };
	AUTO_FREE char *rule = run_rule(run);
	struct message *m = run->message;

	if (node->tags & 1U << TAG_HEADERS &&
		run_expand_all(run, &node->tag_values[TAG_HEADERS].strings, &names) < 0)
		return -1;
	put_from(run, out, &address);
	if (is_named(&names, "from"))
		buf_clear(out);
	for (size_t i = 0; i < names.count; i++) {
		struct slice name = slice_text(names.at[i]);

		if (!field_is_name(name))
			return run_fail(run, "\"%.*s\" is no name of a header field",
				SLICE_ARG(slice_first(name, 40)));
		if (!rebuild_is_content(name) && !slice_is_case(name, "subject"))
			copy_field(m, name, out);
	}
	if (put_subject(run, node, out) < 0)
		return -1;
	if (!is_named(&names, "date"))
		compose_date(out, run->now);
	if (!is_named(&names, "message-id"))
		compose_message_id(out, m, rule, SLICE("enclose"), buf_slice(&address));
	return 0;
}

/* A text that no line of the message can hold, for it is made of all of them. */
static int make_boundary(struct run *run, struct buf *out, bool *eight)
{
	enum { CHUNK = 65536 };
	AUTO_BUF room = { 0 };
	AUTO_BUF digest = { 0 };
	struct fault why;
	uint64_t at = 0;
	size_t got;

	buf_reserve(&room, CHUNK);
	*eight = false;
	do {
		AUTO_BUF next = { 0 };

		if (message_read(run->message, at, room.ptr, CHUNK, &got, &why) < 0)
			return run_fail(run, "%s", why.text);
		for (size_t i = 0; i < got && !*eight; i++)
			*eight = (unsigned char)room.ptr[i] > 127 || room.ptr[i] == '\0';
		buf_add(&digest, room.ptr, got);
		sha256_put_hex(&next, buf_slice(&digest));
		buf_swap(&digest, &next);
		at += got;
	} while (got > 0);
	buf_addf(out, "=_%.40s", buf_text(&digest));
	return 0;
}

static void put_content(struct slice text, const char *boundary, bool eight, struct buf *out)
{
	AUTO_BUF part = { 0 };
	struct slice rest;
	struct slice version;

	body_put(text, &part);
	rest = buf_slice(&part);
	slice_line(&rest, &version); /* MIME-Version is a field of messages */
	buf_addf(out, "MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"%s\"\n%s\n",
		boundary, eight ? "Content-Transfer-Encoding: 8bit\n" : "");
	buf_addf(out, "--%s\n", boundary);
	buf_add_slice(out, rest);
	buf_addf(out, "\n--%s\nContent-Type: message/rfc822\n%s\n", boundary,
		eight ? "Content-Transfer-Encoding: 8bit\n" : "");
}

/* A From_ line before the header is none of the message. */
static uint64_t begin_of(const struct message *m)
{
	struct slice rest = m->header;
	struct field first;

	if (header_next(&rest, &first) < 1 || !slice_starts(m->header, "From "))
		return 0;
	return (uint64_t)(first.raw.ptr - m->header.ptr);
}

static int run_enclose(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };
	AUTO_BUF boundary = { 0 };
	AUTO_BUF head = { 0 };
	AUTO_BUF end = { 0 };
	AUTO_REBUILD b;
	struct slice text;
	bool eight;

	rebuild_start(&b, run);
	if (!run->versions)
		return run_fail(run, "the message cannot be changed here");
	if (run_expand(run, node->strings[0].at, &room, &text) < 0 ||
		make_boundary(run, &boundary, &eight) < 0 ||
		put_fields(run, node, &head) < 0)
		return -1;
	put_content(text, buf_text(&boundary), eight, &head);
	buf_addf(&end, "\n--%s--\n", buf_text(&boundary));
	if (rebuild_text(&b, buf_slice(&head)) < 0 ||
		rebuild_copy(&b, begin_of(run->message), run->message->size) < 0 ||
		rebuild_text(&b, buf_slice(&end)) < 0)
		return -1;
	return rebuild_enclose(&b);
}

const struct word command_enclose = {
	.name = "enclose",
	.capability = CAPABILITY_ENCLOSE,
	.needs = NEEDS_BODY,
	.tags = tags,
	.positions = "s",
	.check = check_enclose,
	.run = run_enclose,
};
