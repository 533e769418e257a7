/*
 * One plain message, and what it shares with an mbox: From_ lines and events.
 *
 *	from-line = "From " [ sender ] [ " " *OCTET ] LF     ; RFC 4155 has the history
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/intake_kinds.h"

enum phase {
	BEGINNING,
	READY,  /* the frame is made, the first byte has not come */
	WITHIN,
	BEHIND, /* its end was told */
	FINISHED,
};

bool intake_is_from_line(struct slice start)
{
	if (!slice_starts(start, "From "))
		return false;
	start = slice_trim(slice_from(start, strlen("From ")));
	return start.len == 0 || start.ptr[0] != ':';
}

int intake_at_from_line(const struct intake *in, size_t *len)
{
	struct slice held = intake_held(in);
	struct slice word = SLICE("From ");
	ptrdiff_t end;

	if (held.len < word.len)
		return !in->ended && slice_equal(held, slice_first(word, held.len)) ? 2 : 0;
	if (!slice_starts(held, "From "))
		return 0;
	end = slice_find_byte(slice_first(held, INTAKE_FROM_MAX), '\n');
	*len = (size_t)(end + 1);
	if (end >= 0)
		return intake_is_from_line(slice_first(held, *len));
	return in->ended || held.len >= INTAKE_FROM_MAX ? 0 : 2;
}

/* The word behind "From ": up to a blank that is not quoted. */
static struct slice sender_of(struct slice line)
{
	struct slice text = slice_trim(slice_from(line, strlen("From ")));
	bool quoted = false;
	size_t at;

	for (at = 0; at < text.len && (quoted || text.ptr[at] != ' '); at++) {
		if (text.ptr[at] == '"')
			quoted = !quoted;
		else if (text.ptr[at] == '\\' && quoted && at + 1 < text.len)
			at++;
	}
	return slice_first(text, at);
}

static bool has_control(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return true;
	}
	return false;
}

void intake_take_from_line(struct intake *in, size_t len)
{
	struct slice sender = sender_of(slice_first(intake_held(in), len));

	frame_clear(&in->frame);
	in->from += len;
	if (sender.len >= 2 && sender.ptr[0] == '<' && sender.ptr[sender.len - 1] == '>') {
		sender = slice_from(slice_first(sender, sender.len - 1), 1);
		in->frame.mail_from_known = true;
	} else {
		in->frame.mail_from_known = sender.len > 0 && !slice_is(sender, "-");
	}
	if (has_control(sender))
		in->frame.mail_from_known = false;
	if (in->frame.mail_from_known && !slice_is_case(sender, "MAILER-DAEMON"))
		buf_set(&in->frame.mail_from, sender);
}

int intake_tell_frame(struct intake *in, struct stream_event *event)
{
	*event = (struct stream_event){ .kind = STREAM_FRAME, .frame = &in->frame };
	in->messages++;
	in->size = 0;
	return 1;
}

int intake_tell_bytes(struct intake *in, size_t len, struct stream_event *event)
{
	*event = (struct stream_event){ .kind = STREAM_BYTES,
		.bytes = slice_first(intake_held(in), len) };
	in->from += len;
	in->size += len;
	return 1;
}

int intake_tell_end(struct intake *in, struct stream_event *event)
{
	*event = (struct stream_event){ .kind = STREAM_END, .size = in->size };
	return 1;
}

int intake_tell_done(struct intake *in, struct stream_event *event)
{
	*event = (struct stream_event){ .kind = STREAM_DONE, .size = in->messages };
	return 1;
}

/* "From : x" is a field (RFC 5322 section 4.5.4), and no sender is called ":". */
static bool is_field(struct slice line)
{
	struct slice rest = slice_trim(slice_from(line, strlen("From ")));

	return rest.len > 0 && rest.ptr[0] == ':';
}

/* READY, or stays when more bytes are needed. */
static void begin(struct intake *in)
{
	size_t len;
	int from_line = intake_at_from_line(in, &len);

	if (from_line == 2)
		return;
	if (from_line == 1 && !is_field(slice_first(intake_held(in), len)))
		intake_take_from_line(in, len);
	in->phase = READY;
}

int intake_step_message(struct intake *in, struct stream_event *event, struct fault *why)
{
	size_t held;

	if (in->phase == BEGINNING)
		begin(in);
	held = in->to - in->from;
	switch (in->phase) {
	case READY:
		if (held == 0 && in->ended)
			return fault_set(why, FAULT_TEMP, "%s holds a From_ line and no message",
				in->name);
		if (held == 0)
			return 0;
		in->phase = WITHIN;
		return intake_tell_frame(in, event);
	case WITHIN:
		if (held > 0)
			return intake_tell_bytes(in, held, event);
		if (!in->ended)
			return 0;
		in->phase = BEHIND;
		return intake_tell_end(in, event);
	case BEHIND:
		in->phase = FINISHED;
		return intake_tell_done(in, event);
	default:
		return 0;
	}
}
