/*
 * mailrail-stream(5): reading. A push parser: any cut of the input gives the same events.
 *
 * Lines that lie whole in the input are looked at there; only the start of a line whose
 * end has not come is copied. Bytes of messages are never copied.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/stream_parser.h"

#include <stdlib.h>

/* LIMIT: the first line, which has 18 bytes; a later version's may be a little longer. */
enum { MAGIC_LINE_MAX = 64 };

struct stream_parser *stream_parser_new(void)
{
	return mem_zero(1, sizeof(struct stream_parser));
}

void stream_parser_free(struct stream_parser *p)
{
	if (!p)
		return;
	buf_free(&p->line);
	buf_free(&p->reason);
	buf_free(&p->unit);
	preamble_clear(&p->preamble);
	frame_clear(&p->frame);
	free(p);
}

/* One line without its LF. 1 taken, 0 its end has not come, -1 too long. */
static int take_line(struct stream_parser *p, struct slice *in, size_t limit,
	struct slice *line, struct fault *why)
{
	ptrdiff_t end;
	size_t len;

	if (p->line_used)
		buf_clear(&p->line);
	p->line_used = false;
	end = slice_find_byte(*in, '\n');
	len = end < 0 ? in->len : (size_t)end;
	if (len > limit || p->line.len > limit - len)
		return stream_malformed(p, why, "a line is longer than %zu bytes", limit);
	if (end < 0 || p->line.len > 0)
		buf_add(&p->line, in->ptr, len);
	*line = p->line.len > 0 ? buf_slice(&p->line) : slice_first(*in, len);
	slice_skip(in, end < 0 ? len : len + 1);
	p->line_used = end >= 0;
	return end < 0 ? 0 : 1;
}

static int chunk_bytes(struct stream_parser *p, struct slice *in, struct stream_event *event)
{
	size_t limit = p->chunk < SIZE_MAX ? (size_t)p->chunk : SIZE_MAX;

	event->bytes = slice_first(*in, limit);
	slice_skip(in, event->bytes.len);
	p->size += event->bytes.len;
	p->chunk -= event->bytes.len;
	if (p->chunk == 0)
		p->state = AFTER_CHUNK;
	event->kind = STREAM_BYTES;
	return 1;
}

/* As the lines above; 0 also when the input is used up. */
static int step(struct stream_parser *p, struct slice *in, struct stream_event *event,
	struct fault *why)
{
	struct slice line = { "", 0 };
	int got;

	switch (p->state) {
	case IN_CHUNK:
		return chunk_bytes(p, in, event);
	case AFTER_CHUNK:
		if (in->ptr[0] != '\n')
			return stream_malformed(p, why, "a chunk is longer than it said");
		slice_skip(in, 1);
		p->state = IN_MESSAGE;
		return 0;
	case ENDED:
		return stream_malformed(p, why, "something follows its last line");
	case BROKEN:
		return stream_malformed(p, why, "it was broken before");
	default:
		got = take_line(p, in, p->state == AT_MAGIC ? MAGIC_LINE_MAX : STREAM_LINE_MAX,
			&line, why);
		return got > 0 ? stream_line(p, line, event, why) : got;
	}
}

int stream_next(struct stream_parser *p, struct slice *in, struct stream_event *event,
	struct fault *why)
{
	int got = 0;

	*event = (struct stream_event){ .kind = STREAM_MORE };
	if (p->state == BEFORE_ABORT) {
		event->reason = buf_slice(&p->reason);
		p->state = ENDED;
		event->kind = STREAM_ABORT;
		return 0;
	}
	while (got == 0 && in->len > 0)
		got = step(p, in, event, why);
	return got < 0 ? -1 : 0;
}

int stream_input_ended(struct stream_parser *p, struct stream_event *event, struct fault *why)
{
	*event = (struct stream_event){ .kind = STREAM_ABORT, .torn = true };
	if (p->state == ENDED)
		return 0;
	if (p->state == BROKEN)
		return stream_malformed(p, why, "it was broken before");
	if (p->state == AT_MAGIC || p->state == AT_PREAMBLE)
		return stream_malformed(p, why, "it ends before its preamble is whole");
	event->reason = SLICE("the stream ends without its last line");
	if (!stream_in_message(p)) {
		p->state = ENDED;
		return 1;
	}
	event->kind = STREAM_CUT;
	event->frame = stream_in_frame(p) ? &p->frame : NULL;
	p->next_variant = 0;
	p->state = BETWEEN;
	return 1;
}

bool stream_in_message(const struct stream_parser *p)
{
	return stream_in_frame(p) || p->next_variant > 0;
}
