/*
 * body (RFC 5173): the body as it stands, or its parts decoded, in pieces: a body is never
 * held whole. :text is :content "text". Sets no match variables (section 6).
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/mime.h"
#include "filter/scan.h"
#include "filter/tests/test.h"

enum { TAG_RAW, TAG_CONTENT, TAG_TEXT };

static const struct tag tags[] = {
	[TAG_RAW] = { "raw", 0, 1, VALUE_NONE },
	[TAG_CONTENT] = { "content", 0, 1, VALUE_STRINGS },
	[TAG_TEXT] = { "text", 0, 1, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

struct walk {
	struct scan *scan;
	const struct strings *types;
};

/* Section 5.2: "", "type" or "type/subtype"; with stray slashes it matches nothing. */
static bool type_matches(struct slice wanted, const struct mime_part *part)
{
	ptrdiff_t slash = slice_find_byte(wanted, '/');

	if (wanted.len == 0)
		return true;
	if (slash < 0)
		return slice_equal_case(wanted, part->type);
	return slice_equal_case(slice_first(wanted, (size_t)slash), part->type) &&
		slice_equal_case(slice_from(wanted, (size_t)slash + 1), part->subtype);
}

static bool is_wanted(const struct walk *w, const struct mime_part *part)
{
	for (size_t i = 0; i < w->types->count; i++) {
		if (type_matches(slice_text(w->types->at[i]), part))
			return true;
	}
	return false;
}

/*
 * A multipart gives its prologue and its epilogue, each for itself; a message its header; a
 * leaf all that is in it. One value is open at a time: a part inside ends the prologue.
 */
static void on_begin(void *context, struct mime_part *part)
{
	struct walk *w = context;

	scan_end(w->scan);
	if (part->parent && part->parent->is_message && part->parent->user) {
		scan_begin(w->scan);
		scan_feed(w->scan, part->header);
		scan_end(w->scan);
	}
	part->user = is_wanted(w, part) ? w : NULL;
	if (part->user && !part->is_message)
		scan_begin(w->scan);
}

static void on_raw(void *context, struct mime_part *part, enum mime_place place,
	struct slice bytes)
{
	struct walk *w = context;

	if (!part->user || !part->is_multipart || place == MIME_BODY)
		return;
	if (place == MIME_EPILOGUE && !w->scan->open)
		scan_begin(w->scan);
	scan_feed(w->scan, bytes);
}

static void on_decoded(void *context, struct mime_part *part, enum mime_place place,
	struct slice bytes)
{
	struct walk *w = context;

	(void)place;
	if (part->user && !part->is_multipart && !part->is_message)
		scan_feed(w->scan, bytes);
}

static void on_end(void *context, struct mime_part *part)
{
	struct walk *w = context;

	(void)part;
	scan_end(w->scan);
}

static const struct mime_events events = {
	.begin = on_begin,
	.raw = on_raw,
	.decoded = on_decoded,
	.end = on_end,
};

/* Bytes of the message from an offset, until its end or until the answer is known. */
static int feed_all(struct run *run, struct scan *scan, struct mime *mime, uint64_t at)
{
	enum { PIECE = 65536 };
	AUTO_BUF room = { 0 };
	struct fault why;
	size_t got;

	buf_reserve(&room, PIECE);
	do {
		if (message_read(run->message, at, room.ptr, PIECE, &got, &why) < 0)
			return run_fail(run, "%s", why.text);
		if (mime)
			mime_feed(mime, slice_of(room.ptr, got));
		else
			scan_feed(scan, slice_of(room.ptr, got));
		at += got;
	} while (got > 0 && scan->result == 0);
	return 0;
}

static int scan_raw(struct run *run, struct scan *scan)
{
	scan_begin(scan);
	if (feed_all(run, scan, NULL, run->message->header_size) < 0)
		return -1;
	scan_end(scan);
	return 0;
}

static int scan_parts(struct run *run, const struct node *node, struct scan *scan)
{
	AUTO_STRINGS types = { 0 };
	struct walk walk = { .scan = scan, .types = &types };
	AUTO_MIME *mime = NULL;

	if (!(node->tags & 1U << TAG_CONTENT))
		strings_add(&types, SLICE("text"));
	else if (run_expand_all(run, &node->tag_values[TAG_CONTENT].strings, &types) < 0)
		return -1;
	mime = mime_new(&events, &walk, true);
	if (feed_all(run, scan, mime, 0) < 0)
		return -1;
	mime_finish(mime);
	if (scan->result == 0 && mime_limited(mime))
		return run_fail(run, "the message has more parts, or deeper ones, than are looked "
			"into");
	return 0;
}

static int test_parts(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_SCAN scan = { 0 };
	int got;

	if (keys_start(&keys, run, node, &node->strings[0]) < 0)
		return -1;
	scan_start(&scan, &keys);
	got = node->tags & 1U << TAG_RAW ? scan_raw(run, &scan) : scan_parts(run, node, &scan);
	if (got < 0)
		return -1;
	return scan.result != 0 ? scan.result : keys_finish(&keys);
}

const struct word test_body = {
	.name = "body",
	.capability = CAPABILITY_BODY,
	.uses = USES_MATCH | NO_CAPTURES,
	.needs = NEEDS_BODY,
	.tags = tags,
	.positions = "S",
	.test = test_parts,
};
