/*
 * body (RFC 5173): the body as it stands, or its parts decoded, in pieces: a body is never
 * held whole. :text is what a reader would see. Sets no match variables (section 6).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/index/body.h"
#include "filter/scan.h"
#include "filter/tests/test.h"

enum { TAG_RAW, TAG_CONTENT, TAG_TEXT };

static const struct tag tags[] = {
	[TAG_RAW] = { "raw", 0, 1, VALUE_NONE },
	[TAG_CONTENT] = { "content", 0, 1, VALUE_STRINGS },
	[TAG_TEXT] = { "text", 0, 1, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

/* One value in pieces, until its end or until the answer is known. */
static int scan_value(const struct text *value, void *context, struct fault *why)
{
	enum { PIECE = 65536 };
	struct scan *scan = context;
	AUTO_BUF room = { 0 };
	uint64_t at = 0;
	size_t got;

	buf_reserve(&room, PIECE);
	scan_begin(scan);
	do {
		if (text_read(value, at, room.ptr, PIECE, &got, why) < 0)
			return -1;
		scan_feed(scan, slice_of(room.ptr, got));
		at += got;
	} while (got > 0 && scan->result == 0);
	scan_end(scan);
	return scan->result;
}

static enum body_form form_of(const struct node *node)
{
	if (node->tags & 1U << TAG_RAW)
		return BODY_RAW;
	return node->tags & 1U << TAG_CONTENT ? BODY_CONTENT : BODY_TEXT;
}

/* 1, 0, or -1 and the run has failed. */
static int scan_all(struct run *run, const struct node *node, struct scan *scan)
{
	enum body_form form = form_of(node);
	AUTO_STRINGS types = { 0 };
	struct fault why = { 0 };
	int got;

	if (form == BODY_CONTENT &&
		run_expand_all(run, &node->tag_values[TAG_CONTENT].strings, &types) < 0)
		return -1;
	got = bodies_each(run->message, form, &types, scan_value, scan, &why);
	if (got < 0 && why.kind)
		return run_fail(run, "%s", why.text);
	if (got != 0 || form == BODY_RAW)
		return got;
	if (run->message->parts->limited)
		return run_fail(run, "the message has more parts, or deeper ones, than are looked "
			"into");
	return 0;
}

static int check_parts(struct checker *checker, struct node *node)
{
	enum body_form form = form_of(node);

	body_index_note(checker->script, node, form,
		form == BODY_CONTENT ? &node->tag_values[TAG_CONTENT].strings : NULL);
	return 0;
}

static int test_parts(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_SCAN scan = { 0 };
	int got = -1;

	/* With a trace each test looks for itself: what it saw is told. */
	if (node->own && !run->trace)
		got = body_index_ask(node->own, run->message);
	if (got >= 0)
		return got;
	if (keys_start(&keys, run, node, &node->strings[0]) < 0)
		return -1;
	scan_start(&scan, &keys);
	got = scan_all(run, node, &scan);
	return got != 0 ? got : keys_finish(&keys);
}

const struct word test_body = {
	.name = "body",
	.capability = CAPABILITY_BODY,
	.uses = USES_MATCH | NO_CAPTURES,
	.needs = NEEDS_BODY,
	.tags = tags,
	.positions = "S",
	.check = check_parts,
	.test = test_parts,
};
