/*
 * mailrail-stream(5): reading. A push parser: any cut of the input gives the same events.
 *
 * Lines that lie whole in the input are looked at there; only the start of a line whose
 * end has not come is copied. Bytes of messages are never copied.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/stream_block.h"

#include <stdlib.h>

enum state {
	AT_MAGIC,
	AT_PREAMBLE,   /* fields */
	BETWEEN,       /* messages, flush, the last line */
	AT_FRAME,      /* fields */
	IN_MESSAGE,    /* "bytes" or "end" */
	IN_CHUNK,
	AFTER_CHUNK,   /* its LF */
	BEFORE_ABORT,  /* STREAM_CUT was told, the abort behind it not yet */
	ENDED,
	BROKEN,
};

/* LIMIT: the first line, which has 18 bytes; a later version's may be a little longer. */
enum { MAGIC_LINE_MAX = 64 };
/* LIMIT: bytes of an id in a sentence. */
enum { SHOWN_ID = 100 };

struct stream_parser {
	enum state state;
	struct buf line; /* start of a line, or a line that came in pieces */
	bool line_used;  /* `line` was handed out: clear it before the next */
	struct stream_block block;
	struct preamble preamble;
	struct frame frame;
	struct buf reason;
	uint64_t chunk;    /* bytes of the chunk that are still to come */
	uint64_t size;     /* of the message so far */
	uint64_t messages; /* begun */
	/* The variants of one message: what must come next. All zero when none is open. */
	unsigned next_variant;
	unsigned variants;
	struct buf unit;   /* id */
};

void preamble_clear(struct preamble *p)
{
	buf_free(&p->program);
	buf_free(&p->path);
	buf_free(&p->nonce);
	strings_free(&p->others);
	*p = (struct preamble){ 0 };
}

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

static bool in_frame(const struct stream_parser *p)
{
	return p->state >= IN_MESSAGE && p->state <= AFTER_CHUNK;
}

/* Nothing is read any more. The text names the message that is open, if any. */
static int malformed(struct stream_parser *p, struct fault *why, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static int malformed(struct stream_parser *p, struct fault *why, const char *format, ...)
{
	bool in_message = p->state == AT_FRAME || in_frame(p);
	va_list args;

	va_start(args, format);
	fault_setv(why, FAULT_TEMP, format, args);
	va_end(args);
	if (in_message && p->frame.id.len > 0)
		fault_prefix(why, "message %.*s",
			SLICE_ARG(slice_first(buf_slice(&p->frame.id), SHOWN_ID)));
	else if (in_message)
		fault_prefix(why, "message %llu",
			(unsigned long long)p->messages + (p->state == AT_FRAME));
	p->state = BROKEN;
	return fault_prefix(why, "malformed mail stream");
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
		return malformed(p, why, "a line is longer than %zu bytes", limit);
	if (end < 0 || p->line.len > 0)
		buf_add(&p->line, in->ptr, len);
	*line = p->line.len > 0 ? buf_slice(&p->line) : slice_first(*in, len);
	slice_skip(in, end < 0 ? len : len + 1);
	p->line_used = end >= 0;
	return end < 0 ? 0 : 1;
}

/*
 * What follows are the lines of each state. They return 1 with *event filled, 0 when the
 * line tells the reader nothing, -1 malformed.
 */

static int told(struct stream_event *event, enum stream_kind kind)
{
	event->kind = kind;
	return 1;
}

static int told_reason(struct stream_parser *p, struct slice reason,
	struct stream_event *event, enum stream_kind kind, struct fault *why)
{
	buf_clear(&p->reason);
	if (!stream_decode(&p->reason, reason))
		return malformed(p, why, "a reason is not encoded as a value must be");
	event->reason = buf_slice(&p->reason);
	return told(event, kind);
}

/* The line begins with `word`: the rest is *rest. */
static bool line_is(struct slice line, const char *word, struct slice *rest)
{
	if (!slice_starts(line, word))
		return false;
	*rest = slice_from(line, strlen(word));
	return true;
}

static int magic_line(struct stream_parser *p, struct slice line, struct fault *why)
{
	struct slice version;

	if (!line_is(line, STREAM_MAGIC_START, &version))
		return malformed(p, why, "it does not begin with %s", STREAM_MAGIC_START);
	if (!slice_is(version, "1"))
		return malformed(p, why, "its version is not 1, the one that is known here");
	p->block = (struct stream_block){ 0 };
	p->state = AT_PREAMBLE;
	return 0;
}

static int field_wrong(struct stream_parser *p, struct slice line, const char *bad,
	struct fault *why)
{
	ptrdiff_t colon = slice_find_byte(slice_first(line, 40), ':');

	return malformed(p, why, "the line \"%.*s\" %s",
		SLICE_ARG(slice_first(line, colon < 0 ? 40 : (size_t)colon)), bad);
}

static int preamble_line(struct stream_parser *p, struct slice line,
	struct stream_event *event, struct fault *why)
{
	const char *bad;

	if (line.len > 0) {
		if (stream_block_preamble(&p->block, &p->preamble, line, &bad) < 0)
			return field_wrong(p, line, bad, why);
		return 0;
	}
	p->state = BETWEEN;
	event->preamble = &p->preamble;
	return told(event, STREAM_PREAMBLE);
}

/* Is the frame the variant that must come now, or may a new message begin? */
static int check_unit(struct stream_parser *p, struct fault *why)
{
	const struct frame *f = &p->frame;

	if (p->next_variant == 0 && f->variant <= 1) {
		p->messages++;
		return 0;
	}
	if (p->next_variant == 0)
		return malformed(p, why, "variant %u/%u came first", f->variant, f->variants);
	if (f->variant != p->next_variant || f->variants != p->variants)
		return malformed(p, why, "it came where variant %u/%u must", p->next_variant,
			p->variants);
	if (!slice_equal(buf_slice(&f->id), buf_slice(&p->unit)))
		return malformed(p, why, "variants of one message have two ids");
	return 0;
}

static int frame_line(struct stream_parser *p, struct slice line, struct stream_event *event,
	struct fault *why)
{
	const char *bad;

	if (line.len > 0) {
		if (stream_block_frame(&p->block, &p->frame, line, &bad) < 0)
			return field_wrong(p, line, bad, why);
		return 0;
	}
	if (stream_block_frame_end(&p->block, &p->frame, &bad) < 0)
		return malformed(p, why, "it %s", bad);
	if (check_unit(p, why) < 0)
		return -1;
	/* Kept apart: the reader may change the frame. */
	p->next_variant = p->frame.variant;
	p->variants = p->frame.variants;
	if (p->next_variant == 1)
		buf_set(&p->unit, buf_slice(&p->frame.id));
	p->size = 0;
	p->state = IN_MESSAGE;
	event->frame = &p->frame;
	return told(event, STREAM_FRAME);
}

static int message_line(struct stream_parser *p, struct slice line, struct stream_event *event,
	struct fault *why)
{
	struct slice rest;
	uint64_t number;

	if (line_is(line, "bytes ", &rest)) {
		if (!slice_number(rest, &number) || number == 0 || number > STREAM_CHUNK_MAX)
			return malformed(p, why, "a chunk has no right length");
		p->chunk = number;
		p->state = IN_CHUNK;
		return 0;
	}
	if (line_is(line, "end ok ", &rest)) {
		if (!slice_number(rest, &number) || number != p->size)
			return malformed(p, why, "%llu bytes came, its end says otherwise",
				(unsigned long long)p->size);
		p->next_variant = p->next_variant == p->variants ? 0 : p->next_variant + 1;
		p->state = BETWEEN;
		event->size = number;
		return told(event, STREAM_END);
	}
	if (line_is(line, "end abort ", &rest)) {
		if (told_reason(p, rest, event, STREAM_CUT, why) < 0)
			return -1;
		p->next_variant = 0;
		p->state = BETWEEN;
		event->frame = &p->frame;
		return 1;
	}
	return malformed(p, why, "there is a line that is neither \"bytes\" nor \"end\"");
}

static int abort_line(struct stream_parser *p, struct slice reason, struct stream_event *event,
	struct fault *why)
{
	bool open = p->next_variant > 0;

	p->next_variant = 0;
	if (told_reason(p, reason, event, open ? STREAM_CUT : STREAM_ABORT, why) < 0)
		return -1;
	p->state = open ? BEFORE_ABORT : ENDED;
	return 1;
}

static int between_line(struct stream_parser *p, struct slice line, struct stream_event *event,
	struct fault *why)
{
	struct slice rest;
	uint64_t number;

	if (slice_is(line, "message")) {
		frame_clear(&p->frame);
		p->block = (struct stream_block){ 0 };
		p->state = AT_FRAME;
		return 0;
	}
	if (line_is(line, "abort ", &rest))
		return abort_line(p, rest, event, why);
	if (p->next_variant > 0)
		return malformed(p, why, "variant %u/%u of a message is missing", p->next_variant,
			p->variants);
	if (slice_is(line, "flush"))
		return told(event, STREAM_FLUSH);
	if (line_is(line, "done ", &rest)) {
		if (!slice_number(rest, &number) || number != p->messages)
			return malformed(p, why, "%llu messages came, its end says otherwise",
				(unsigned long long)p->messages);
		p->state = ENDED;
		event->size = number;
		return told(event, STREAM_DONE);
	}
	return malformed(p, why, "there is an unknown line between two messages");
}

static int any_line(struct stream_parser *p, struct slice line, struct stream_event *event,
	struct fault *why)
{
	switch (p->state) {
	case AT_MAGIC:
		return magic_line(p, line, why);
	case AT_PREAMBLE:
		return preamble_line(p, line, event, why);
	case AT_FRAME:
		return frame_line(p, line, event, why);
	case IN_MESSAGE:
		return message_line(p, line, event, why);
	default:
		return between_line(p, line, event, why);
	}
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
	return told(event, STREAM_BYTES);
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
			return malformed(p, why, "a chunk is longer than it said");
		slice_skip(in, 1);
		p->state = IN_MESSAGE;
		return 0;
	case ENDED:
		return malformed(p, why, "something follows its last line");
	case BROKEN:
		return malformed(p, why, "it was broken before");
	default:
		got = take_line(p, in, p->state == AT_MAGIC ? MAGIC_LINE_MAX : STREAM_LINE_MAX,
			&line, why);
		return got > 0 ? any_line(p, line, event, why) : got;
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
		return malformed(p, why, "it was broken before");
	if (p->state == AT_MAGIC || p->state == AT_PREAMBLE)
		return malformed(p, why, "it ends before its preamble is whole");
	event->reason = SLICE("the stream ends without its last line");
	if (!stream_in_message(p)) {
		p->state = ENDED;
		return 1;
	}
	event->kind = STREAM_CUT;
	event->frame = in_frame(p) ? &p->frame : NULL;
	p->next_variant = 0;
	p->state = BETWEEN;
	return 1;
}

bool stream_in_message(const struct stream_parser *p)
{
	return in_frame(p) || p->next_variant > 0;
}
