/*
 * common/mail/mime: the same events whole, byte by byte and in two pieces, in right order.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/base/utf8.h"
#include "common/mail/mime.h"
#include "common/mail/parameter.h"

static void must(bool right)
{
	if (!right)
		abort();
}

/* Events as bytes; pieces of one body joined. */
struct log {
	struct buf text;
	struct slice message;
	const struct mime_part *open; /* the innermost part */
	const void *last;
	int place;
	size_t parts;
};

static void on_begin(void *context, struct mime_part *part)
{
	struct log *log = context;

	must(part->parent == log->open && part->number == log->parts);
	must(part->depth == (part->parent ? part->parent->depth + 1 : 0));
	must(!part->parent || part->parent->is_multipart || part->parent->is_message);
	must(part->depth <= MIME_DEPTH_MAX && part->number < MIME_PARTS_MAX);
	must(!(part->is_multipart && part->is_message));
	must(part->boundary.len <= MIME_BOUNDARY_MAX && part->filename.len <= MIME_TEXT_MAX);
	must(part->type.len > 0 && part->subtype.len > 0 && utf8_valid(part->filename));
	must(slice_equal(part->header,
		slice_first(slice_from(log->message, part->header_at), part->header.len)));
	must(part->body_at >= part->header_at + part->header.len);
	log->open = part;
	log->last = NULL;
	log->parts++;
	buf_add_byte(&log->text, '(');
	buf_add_slice(&log->text, part->type);
	buf_add_slice(&log->text, part->subtype);
	buf_add_slice(&log->text, part->filename);
	buf_add_slice(&log->text, part->header);
	buf_add_byte(&log->text, part->header_only ? '-' : '+');
}

static void add(struct log *log, const struct mime_part *part, int kind, struct slice bytes)
{
	must(part == log->open && bytes.len > 0 && !part->is_message && !part->header_only);
	if (log->last != part || log->place != kind)
		buf_addf(&log->text, "%d:", kind);
	log->last = part;
	log->place = kind;
	buf_add_slice(&log->text, bytes);
}

static void on_raw(void *context, struct mime_part *part, enum mime_place place,
	struct slice bytes)
{
	const struct log *log = context;
	size_t had = (size_t)(uintptr_t)part->user;

	must(part->is_multipart == (place != MIME_BODY));
	if (place != MIME_EPILOGUE) {
		must(slice_equal(bytes, slice_first(slice_from(log->message,
			part->body_at + had), bytes.len)));
		part->user = (void *)(uintptr_t)(had + bytes.len);
	}
	add(context, part, (int)place, bytes);
}

static void on_decoded(void *context, struct mime_part *part, enum mime_place place,
	struct slice bytes)
{
	must(part->is_multipart == (place != MIME_BODY));
	must(!slice_is(part->type, "text") || utf8_valid(bytes));
	add(context, part, (int)place + 10, bytes);
}

static void on_end(void *context, struct mime_part *part)
{
	struct log *log = context;

	must(part == log->open);
	must(part->end_at >= part->body_at && part->end_at <= log->message.len);
	log->open = part->parent;
	log->last = NULL;
	buf_add_byte(&log->text, ')');
}

/* Only one kind of bytes at a time: where the pieces of both change places is free. */
static const struct mime_events raw = { .begin = on_begin, .raw = on_raw, .end = on_end };
static const struct mime_events decoded = { .begin = on_begin, .decoded = on_decoded,
	.end = on_end };

static void run(const struct mime_events *events, struct slice in, size_t first, size_t step,
	struct buf *out)
{
	struct log log = { .message = in };
	struct mime *m = mime_new(events, &log, true);

	mime_feed(m, slice_first(in, first));
	in = slice_from(in, first);
	while (in.len > 0) {
		struct slice piece = slice_first(in, step);

		mime_feed(m, piece);
		slice_skip(&in, piece.len);
	}
	mime_finish(m);
	must(!log.open && log.parts > 0);
	mime_free(m);
	buf_swap(out, &log.text);
	buf_free(&log.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct mime_events *const kinds[] = { &raw, &decoded };
	struct slice in = slice_of(data, size);
	size_t cut = size > 0 ? (data[size - 1] * (size_t)7919) % (size + 1) : 0;
	AUTO_BUF value = { 0 };

	for (size_t i = 0; i < 2; i++) {
		AUTO_BUF whole = { 0 };
		AUTO_BUF bytewise = { 0 };
		AUTO_BUF halves = { 0 };

		run(kinds[i], in, size, 1, &whole);
		run(kinds[i], in, 0, 1, &bytewise);
		run(kinds[i], in, cut, size + 1, &halves);
		must(slice_equal(buf_slice(&whole), buf_slice(&bytewise)));
		must(slice_equal(buf_slice(&whole), buf_slice(&halves)));
	}
	parameter_text(in, "p", &value);
	must(utf8_valid(buf_slice(&value)));
	must(parameter_main(in).len <= size);
	return 0;
}
