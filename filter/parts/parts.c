/*
 * The parts of one message: see parts.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/parts/parts.h"

/* LIMIT: letters of a type, a subtype (RFC 6838: 127) and a charset that are kept. */
enum { WORD_MAX = 255 };

struct builder {
	struct parts *parts;
	size_t open; /* the innermost part that has not ended */
	size_t room;
};

/* Three texts behind each other, each with a NUL. */
static void keep_words(struct part *p, const struct mime_part *from)
{
	const struct slice words[] = { from->type, from->subtype, from->charset };
	const char **to[] = { &p->type, &p->subtype, &p->charset };
	AUTO_BUF all = { 0 };
	size_t at[3];

	for (size_t i = 0; i < 3; i++) {
		ptrdiff_t nul = slice_find_byte(words[i], '\0');

		at[i] = all.len;
		buf_add_slice(&all, slice_first(nul < 0 ? words[i]
							: slice_first(words[i], (size_t)nul),
			WORD_MAX));
		buf_add_byte(&all, '\0');
	}
	p->words = buf_give(&all);
	for (size_t i = 0; i < 3; i++)
		*to[i] = p->words + at[i];
}

static void on_begin(void *context, struct mime_part *part)
{
	struct builder *b = context;
	struct parts *parts = b->parts;
	struct part *p;

	if (parts->count == b->room) {
		b->room = b->room ? b->room * 2 : 8;
		parts->at = mem_grow(parts->at, b->room, sizeof(*parts->at));
	}
	p = &parts->at[parts->count];
	*p = (struct part){
		.parent = b->open,
		.encoding = slice_is(part->type, "multipart") ? TRANSFER_IDENTITY : part->encoding,
		.encoding_unknown = part->encoding_unknown,
		.is_multipart = part->is_multipart,
		.is_message = part->is_message,
		.header_only = part->header_only,
		.header_at = part->header_at,
		.body_at = part->body_at,
		.prologue_end = part->body_at,
	};
	keep_words(p, part);
	b->open = parts->count++;
}

/* A multipart's own bytes; the epilogue is counted until its end is known. */
static void on_raw(void *context, struct mime_part *part, enum mime_place place,
	struct slice bytes)
{
	struct builder *b = context;
	struct part *p = &b->parts->at[b->open];

	(void)part;
	if (place == MIME_PROLOGUE)
		p->prologue_end += bytes.len;
	else if (place == MIME_EPILOGUE)
		p->epilogue_at += bytes.len;
}

static void on_end(void *context, struct mime_part *part)
{
	struct builder *b = context;
	struct part *p = &b->parts->at[b->open];

	p->end_at = part->end_at;
	p->epilogue_at = p->end_at - p->epilogue_at;
	p->end = b->parts->count;
	b->open = p->parent;
}

static const struct mime_events events = {
	.begin = on_begin,
	.raw = on_raw,
	.end = on_end,
};

static int feed(struct mime *mime, const struct message *message, struct fault *why)
{
	enum { PIECE = 65536 };
	AUTO_BUF room = { 0 };
	uint64_t at = 0;
	size_t got;

	buf_reserve(&room, PIECE);
	do {
		if (message_read(message, at, room.ptr, PIECE, &got, why) < 0)
			return -1;
		mime_feed(mime, slice_of(room.ptr, got));
		at += got;
	} while (got > 0);
	mime_finish(mime);
	return 0;
}

static void parts_free(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct part *p = &parts->at[i];

		if (p->header)
			message_close(p->header);
		free(p->header);
		buf_free(&p->header_bytes);
		free(p->words);
	}
	free(parts->at);
	spool_free(&parts->decoded);
	free(parts);
}

struct parts *parts_of(struct message *message, struct fault *why)
{
	struct builder builder = { .open = PART_NONE };
	AUTO_MIME *mime = NULL;

	if (message->parts)
		return message->parts;
	builder.parts = mem_zero(1, sizeof(*builder.parts));
	builder.parts->decoded = (struct spool)SPOOL_NONE;
	mime = mime_new(&events, &builder, false);
	if (feed(mime, message, why) < 0) {
		parts_free(builder.parts);
		return NULL;
	}
	builder.parts->limited = mime_limited(mime);
	message->parts = builder.parts;
	message->parts_free = parts_free;
	return message->parts;
}
