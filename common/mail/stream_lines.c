/*
 * mailrail-stream(5): what each line means in each state of the parser.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/stream_parser.h"

/* LIMIT: bytes of an id in a sentence. */
enum { SHOWN_ID = 100 };

int stream_malformed(struct stream_parser *p, struct fault *why, const char *format, ...)
{
	bool in_message = p->state == AT_FRAME || stream_in_frame(p);
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
		return stream_malformed(p, why, "a reason is not encoded as a value must be");
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
		return stream_malformed(p, why, "it does not begin with %s", STREAM_MAGIC_START);
	if (!slice_is(version, "1"))
		return stream_malformed(p, why, "its version is not 1, the one that is known here");
	p->block = (struct stream_block){ 0 };
	p->state = AT_PREAMBLE;
	return 0;
}

static int field_wrong(struct stream_parser *p, struct slice line, const char *bad,
	struct fault *why)
{
	ptrdiff_t colon = slice_find_byte(slice_first(line, 40), ':');

	return stream_malformed(p, why, "the line \"%.*s\" %s",
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
		return stream_malformed(p, why, "variant %u/%u came first", f->variant,
			f->variants);
	if (f->variant != p->next_variant || f->variants != p->variants)
		return stream_malformed(p, why, "it came where variant %u/%u must", p->next_variant,
			p->variants);
	if (!slice_equal(buf_slice(&f->id), buf_slice(&p->unit)))
		return stream_malformed(p, why, "variants of one message have two ids");
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
		return stream_malformed(p, why, "it %s", bad);
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
			return stream_malformed(p, why, "a chunk has no right length");
		p->chunk = number;
		p->state = IN_CHUNK;
		return 0;
	}
	if (line_is(line, "end ok ", &rest)) {
		if (!slice_number(rest, &number) || number != p->size)
			return stream_malformed(p, why, "%llu bytes came, its end says otherwise",
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
	return stream_malformed(p, why, "there is a line that is neither \"bytes\" nor \"end\"");
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
		return stream_malformed(p, why, "variant %u/%u of a message is missing",
			p->next_variant, p->variants);
	if (slice_is(line, "flush"))
		return told(event, STREAM_FLUSH);
	if (line_is(line, "done ", &rest)) {
		if (!slice_number(rest, &number) || number != p->messages)
			return stream_malformed(p, why,
				"%llu messages came, its end says otherwise",
				(unsigned long long)p->messages);
		p->state = ENDED;
		event->size = number;
		return told(event, STREAM_DONE);
	}
	return stream_malformed(p, why, "there is an unknown line between two messages");
}

int stream_line(struct stream_parser *p, struct slice line, struct stream_event *event,
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
