/*
 * POP3 answers, cut out of a stream of bytes: see pop3_reply.h. RFC 1939 section 3.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/pop3_reply.h"

#include "common/base/say.h"

/* How much of CRLF "." CRLF was seen; a message begins as if behind a CRLF. */
enum { AT_TEXT, AFTER_CR, AT_LINE, AFTER_DOT, AFTER_DOT_CR };

void pop3_reply_free(struct pop3_reply *r)
{
	buf_free(&r->line);
}

void pop3_expect(struct pop3_reply *r, enum pop3_shape shape)
{
	buf_clear(&r->line);
	r->shape = shape;
	r->inside = false;
	r->done = false;
	r->size = 0;
	r->matched = AT_LINE;
}

static int nonsense(struct slice line, const char *what, struct fault *why)
{
	AUTO_BUF seen = { 0 };

	say_visible(&seen, slice_first(line, 60));
	return fault_set(why, FAULT_PROTOCOL, "%s: \"%s\"", what, buf_text(&seen));
}

/* resp-code = "[" 1*CHAR "]" at the start of the text */
static void response_text(struct slice in, struct pop3_event *event)
{
	ptrdiff_t end;

	in = slice_trim(in);
	end = in.len && in.ptr[0] == '[' ? slice_find_byte(in, ']') : -1;
	if (end > 0) {
		event->code = slice_of(in.ptr + 1, (size_t)end - 1);
		in = slice_trim(slice_from(in, (size_t)end + 1));
	}
	event->text = in;
}

/* "+OK" or "-ERR", alone or before a blank; upper case, but lower case is known. */
static int status_line(struct pop3_reply *r, struct slice line, struct pop3_event *event,
	struct fault *why)
{
	struct slice word;
	struct slice rest = line;

	word.len = 0;
	slice_cut(&rest, ' ', &word);
	if (slice_is_case(word, "+OK")) {
		event->kind = POP3_OK;
		r->inside = r->shape != POP3_SINGLE;
	} else if (slice_is_case(word, "-ERR")) {
		event->kind = POP3_ERR;
	} else {
		return nonsense(line, "neither +OK nor -ERR", why);
	}
	response_text(rest, event);
	return 0;
}

/* Lines of a list: "." ends it, ".." is one dot. */
static void list_line(struct pop3_reply *r, struct slice line, struct pop3_event *event)
{
	if (slice_is(line, ".")) {
		event->kind = POP3_END;
		r->inside = false;
		return;
	}
	if (line.len && line.ptr[0] == '.')
		slice_skip(&line, 1);
	event->kind = POP3_ITEM;
	event->text = line;
}

/* A whole line is looked at where it lies; one that comes in pieces is gathered. */
static int take_line(struct pop3_reply *r, struct slice *in, struct pop3_event *event,
	struct fault *why)
{
	ptrdiff_t end = slice_find_byte(*in, '\n');
	size_t len = end < 0 ? in->len : (size_t)end + 1;
	struct slice line = slice_first(*in, len);

	if (r->line.len + len > POP3_LINE_MAX)
		return nonsense(r->line.len ? buf_slice(&r->line) : line,
			"a line over the limit of 4 KiB", why);
	slice_skip(in, len);
	if (end < 0 || r->line.len) {
		buf_add_slice(&r->line, line);
		line = buf_slice(&r->line);
	}
	if (end < 0)
		return 0;
	r->done = true;
	line.len--;
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (!r->inside)
		return status_line(r, line, event, why);
	list_line(r, line, event);
	return 0;
}

/* One step of the automaton: true when the byte belongs to the message as it is. */
static bool step(struct pop3_reply *r, char byte)
{
	switch (r->matched) {
	case AT_LINE:
		if (byte == '.') {
			r->matched = AFTER_DOT;
			return false;
		}
		break;
	case AFTER_CR:
		if (byte == '\n') {
			r->matched = AT_LINE;
			return true;
		}
		break;
	}
	r->matched = byte == '\r' ? AFTER_CR : AT_TEXT;
	return true;
}

static void give(struct pop3_reply *r, struct pop3_event *event, struct slice bytes)
{
	event->kind = POP3_BYTES;
	event->bytes = bytes;
	r->size += bytes.len;
}

/*
 * What stands behind a dot that began a line: CRLF ends the message; for all else the dot
 * was stuffing, and goes. A CR is held back until the next byte tells.
 */
static bool behind_dot(struct pop3_reply *r, struct slice *in, struct pop3_event *event)
{
	char byte = in->ptr[0];

	if (r->matched == AFTER_DOT && byte == '\r') {
		r->matched = AFTER_DOT_CR;
		slice_skip(in, 1);
		return false;
	}
	if (r->matched == AFTER_DOT_CR && byte == '\n') {
		slice_skip(in, 1);
		event->kind = POP3_END;
		r->inside = false;
		r->done = true;
		return true;
	}
	if (r->matched == AFTER_DOT_CR) {
		r->matched = AFTER_CR;
		give(r, event, SLICE("\r"));
		return true;
	}
	r->matched = AT_TEXT;
	return false;
}

static int take_text(struct pop3_reply *r, struct slice *in, struct pop3_event *event,
	struct fault *why)
{
	size_t len = 0;

	while (in->len && r->matched >= AFTER_DOT) {
		if (behind_dot(r, in, event))
			return 0;
	}
	while (len < in->len) {
		if (r->matched == AT_TEXT) {
			const char *cr = memchr(in->ptr + len, '\r', in->len - len);

			if (!cr) {
				len = in->len;
				break;
			}
			len = (size_t)(cr - in->ptr);
		}
		if (!step(r, in->ptr[len]))
			break;
		len++;
	}
	if (len)
		give(r, event, slice_first(*in, len));
	slice_skip(in, len);
	if (in->len)
		slice_skip(in, 1); /* the dot that step() kept */
	if (r->size > POP3_BODY_MAX)
		return fault_set(why, FAULT_PROTOCOL,
			"a message over the limit of 2 GiB without an end");
	return 0;
}

int pop3_next(struct pop3_reply *r, struct slice *in, struct pop3_event *event,
	struct fault *why)
{
	*event = (struct pop3_event){ .kind = POP3_MORE };
	if (r->done) {
		buf_clear(&r->line);
		r->done = false;
	}
	while (in->len && event->kind == POP3_MORE) {
		int status = r->inside && r->shape == POP3_TEXT ?
			take_text(r, in, event, why) :
			take_line(r, in, event, why);

		if (status < 0)
			return -1;
	}
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool pop3_item_read(struct slice line, uint64_t *number, struct slice *text)
{
	const char *at = line.ptr, *end;
	const char *digits, *word;
	uint64_t value = 0;

	if (line.len == 0)
		return false;
	end = line.ptr + line.len;
	while (at < end && is_blank(*at))
		at++;
	for (digits = at; at < end && *at >= '0' && *at <= '9'; at++)
		value = value * 10 + (uint64_t)(*at - '0');
	/* LIMIT: 18 digits, which always fit. */
	if (value == 0 || at - digits > 18 || at == end || *at != ' ')
		return false;
	while (at < end && is_blank(*at))
		at++;
	word = at;
	at = at < end ? memchr(word, ' ', (size_t)(end - word)) : NULL;
	*number = value;
	*text = slice_trim(slice_of(word, (size_t)((at ? at : end) - word)));
	return text->len != 0;
}
