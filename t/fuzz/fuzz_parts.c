/*
 * filter/parts: an index whose places fit into each other, and texts that are what the
 * parser itself decodes; HTML the same whole and byte by byte.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/base/utf8.h"
#include "filter/gather.h"
#include "filter/parts/bodies.h"
#include "filter/parts/headers.h"
#include "filter/parts/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool right)
{
	if (!right)
		abort();
}

/* What the parser decodes of each leaf, one behind the other. */
struct decoded {
	struct buf *at; /* by number */
	size_t count;
	size_t room;
};

static void on_begin(void *context, struct mime_part *part)
{
	struct decoded *d = context;

	must(part->number == d->count);
	d->at = mem_grow(d->at, d->count + 1, sizeof(*d->at));
	d->at[d->count++] = (struct buf){ 0 };
}

static void on_decoded(void *context, struct mime_part *part, enum mime_place place,
	struct slice bytes)
{
	struct decoded *d = context;

	if (place == MIME_BODY)
		buf_add_slice(&d->at[part->number], bytes);
}

static const struct mime_events events = { .begin = on_begin, .decoded = on_decoded };

static void read_all(const struct text *text, struct buf *out)
{
	struct fault why;
	char room[64];
	size_t got;

	do {
		must(text_read(text, out->len, room, sizeof(room), &got, &why) == 0);
		buf_add(out, room, got);
	} while (got > 0);
	must(out->len == text->len);
}

static void check_place(const struct parts *parts, size_t i, size_t size)
{
	const struct part *p = &parts->at[i];

	must(p->header_at <= p->body_at && p->body_at <= p->end_at && p->end_at <= size);
	must(p->end > i && p->end <= parts->count);
	if (i == 0) {
		must(p->parent == PART_NONE && p->end == parts->count);
		return;
	}
	must(p->parent < i && p->end <= parts->at[p->parent].end);
	must(p->header_at >= parts->at[p->parent].body_at);
	must(p->end_at <= parts->at[p->parent].end_at);
	must(p->header_at >= parts->at[i - 1].body_at);
	if (p->is_multipart)
		must(p->prologue_end >= p->body_at && p->prologue_end <= p->epilogue_at &&
			p->epilogue_at <= p->end_at);
	if (p->is_message)
		must(p->end > i + 1 && parts->at[i + 1].parent == i);
}

static void check_html(struct slice in)
{
	struct html whole = { 0 };
	struct html bytewise = { 0 };
	AUTO_BUF a = { 0 };
	AUTO_BUF b = { 0 };

	html_feed(&whole, in, &a);
	html_finish(&whole, &a);
	for (size_t i = 0; i < in.len; i++)
		html_feed(&bytewise, slice_first(slice_from(in, i), 1), &b);
	html_finish(&bytewise, &b);
	must(slice_equal(buf_slice(&a), buf_slice(&b)));
	must(a.len <= in.len + 8);
	must(!utf8_valid(in) || utf8_valid(buf_slice(&a)));
}

static void check_text(struct message *m, size_t i, const struct buf *wanted)
{
	const struct part *p = &m->parts->at[i];
	bool is_text = strcmp(p->type, "text") == 0;
	AUTO_BUF decoded = { 0 };
	AUTO_BUF plain = { 0 };
	struct fault why;
	struct text text;

	if (p->is_multipart || p->is_message)
		return;
	must(text_of_part(m, i, TEXT_DECODED, &text, &why) == 0);
	read_all(&text, &decoded);
	must(slice_equal(buf_slice(&decoded), buf_slice(wanted)));
	must(text_of_part(m, i, TEXT_PLAIN, &text, &why) == 0);
	read_all(&text, &plain);
	must(!is_text || utf8_valid(buf_slice(&plain)));
}

static int count_value(const struct text *value, void *context, struct fault *why)
{
	AUTO_BUF all = { 0 };

	(void)why;
	read_all(value, &all);
	++*(size_t *)context;
	return 0;
}

static void check_all(struct message *m, size_t size, struct decoded *d)
{
	char empty[] = "";
	char *list[] = { empty, NULL };
	struct strings all = { .at = list, .count = 1 };
	struct fault why = { 0 };
	size_t values = 0;

	must(parts_of(m, &why) != NULL);
	must(m->parts->count == d->count);
	for (size_t i = 0; i < m->parts->count; i++) {
		struct message *header = headers_of(m, i, &why);

		must(header != NULL);
		message_find(header, SLICE("Content-Type"));
		check_place(m->parts, i, size);
		check_text(m, i, &d->at[i]);
	}
	must(bodies_each(m, BODY_RAW, &all, count_value, &values, &why) == 0 && values <= 1);
	values = 0;
	must(bodies_each(m, BODY_CONTENT, &all, count_value, &values, &why) == 0);
	must(values >= m->parts->count || m->parts->at[0].header_only);
	must(bodies_each(m, BODY_TEXT, &all, count_value, &values, &why) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gather_state gather = GATHER_NONE;
	struct slice in = slice_of(data, size);
	struct decoded decoded = { 0 };
	struct mime *mime = mime_new(&events, &decoded, true);
	struct message message;
	AUTO_FRAME frame = { 0 };
	struct fault why;

	mime_feed(mime, in);
	mime_finish(mime);
	mime_free(mime);
	gather.whole = true;
	must(gather_add(&gather, in, &why) == 0);
	gather_end(&gather);
	gather_message(&gather, &frame, &message);
	check_all(&message, size, &decoded);
	message_close(&message);
	gather_free(&gather);
	for (size_t i = 0; i < decoded.count; i++)
		buf_free(&decoded.at[i]);
	free(decoded.at);
	check_html(in);
	return 0;
}
