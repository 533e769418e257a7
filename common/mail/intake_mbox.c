/*
 * An mbox, as mboxrd (the From_ lines of RFC 4155, quoted so that it can be undone):
 *
 *	mbox    = 1*( from-line *line [ empty ] )
 *	line    = *">" "From " *OCTET LF         ; one more ">" than the message has
 *	        / *OCTET LF
 *
 * Whatever must be seen before it can be judged is at most a From_ line; all else is
 * handed out as it lies in the block.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/intake_kinds.h"

enum phase {
	BEGINNING, /* a From_ line must come */
	READY,     /* the frame is made */
	AT_LINE,   /* at the first byte of a line */
	IN_LINE,   /* what is held may be handed out up to the next line that is special */
	BEHIND,    /* the last end was told */
	FINISHED,
};

/* Each returns 1 event told, 0 more bytes are needed, 2 go on with the new phase. */
enum { TOLD = 1, STARVING = 0, GO_ON = 2 };

static int begin(struct intake *in, struct fault *why)
{
	size_t len;
	int from_line = intake_at_from_line(in, &len);

	if (from_line == 2)
		return STARVING;
	if (from_line == 0)
		return fault_set(why, FAULT_TEMP,
			"%s is no mbox: it does not begin with a From_ line", in->name);
	intake_take_from_line(in, len);
	in->phase = READY;
	return GO_ON;
}

static int end_message(struct intake *in, enum phase next, struct stream_event *event)
{
	in->blank = (struct slice){ "", 0 };
	in->phase = next;
	return intake_tell_end(in, event);
}

/* The empty line that was held back belongs to the message after all. */
static int tell_blank(struct intake *in, struct stream_event *event)
{
	*event = (struct stream_event){ .kind = STREAM_BYTES, .bytes = in->blank };
	in->size += in->blank.len;
	in->blank = (struct slice){ "", 0 };
	return TOLD;
}

/* At ">": all but one of them are handed out, then the last one is judged. */
static int unquote(struct intake *in, struct stream_event *event)
{
	struct slice held = intake_held(in);
	struct slice word = SLICE("From ");
	struct slice rest;
	size_t quotes = 0;

	while (quotes < held.len && held.ptr[quotes] == '>')
		quotes++;
	if (quotes > 1)
		return intake_tell_bytes(in, quotes - 1, event);
	rest = slice_from(held, 1);
	if (rest.len < word.len && !in->ended && slice_equal(rest, slice_first(word, rest.len)))
		return STARVING;
	if (slice_starts(rest, "From "))
		in->from++;
	in->phase = IN_LINE;
	return GO_ON;
}

static int at_line(struct intake *in, struct stream_event *event)
{
	struct slice held = intake_held(in);
	size_t len;
	int from_line;

	if (held.len == 0)
		return in->ended ? end_message(in, BEHIND, event) : STARVING;
	if (in->blank.len > 0) {
		from_line = intake_at_from_line(in, &len);
		if (from_line == 2)
			return STARVING;
		return from_line == 1 ? end_message(in, BEGINNING, event) : tell_blank(in, event);
	}
	if (held.ptr[0] == '>')
		return unquote(in, event);
	if (held.ptr[0] == '\r' && held.len == 1 && !in->ended)
		return STARVING;
	if (slice_starts(held, "\r\n"))
		in->blank = SLICE("\r\n");
	else if (held.ptr[0] == '\n')
		in->blank = SLICE("\n");
	else
		in->phase = IN_LINE;
	in->from += in->blank.len;
	return GO_ON;
}

static int in_line(struct intake *in, struct stream_event *event)
{
	struct slice held = intake_held(in);
	size_t at = 0;

	if (held.len == 0)
		return in->ended ? end_message(in, BEHIND, event) : STARVING;
	while (at < held.len) {
		ptrdiff_t end = slice_find_byte(slice_from(held, at), '\n');

		at = end < 0 ? held.len : at + (size_t)end + 1;
		/* Only these can begin a line that is special, as the one before is not empty. */
		if (end >= 0 && (at == held.len || held.ptr[at] == '>' ||
					held.ptr[at] == '\n' || held.ptr[at] == '\r')) {
			in->phase = AT_LINE;
			break;
		}
	}
	return intake_tell_bytes(in, at, event);
}

int intake_step_mbox(struct intake *in, struct stream_event *event, struct fault *why)
{
	int got;

	do {
		switch (in->phase) {
		case BEGINNING:
			got = begin(in, why);
			break;
		case READY:
			in->phase = AT_LINE;
			return intake_tell_frame(in, event);
		case AT_LINE:
			got = at_line(in, event);
			break;
		case IN_LINE:
			got = in_line(in, event);
			break;
		case BEHIND:
			in->phase = FINISHED;
			return intake_tell_done(in, event);
		default:
			return 0;
		}
	} while (got == GO_ON);
	return got;
}
