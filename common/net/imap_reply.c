/*
 * IMAP responses, cut out of a stream of bytes: see imap_reply.h. RFC 3501 section 9:
 *
 *	response      = *(continue-req / response-data) response-done
 *	response-data = "*" SP (... / nz-number SP ("EXPUNGE" / ("FETCH" SP msg-att))) CRLF
 *	literal       = "{" number "}" CRLF *CHAR8       ; "~{" for literal8
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/imap_reply.h"

#include "common/net/imap_item.h"
#include "common/net/imap_numbers.h"

enum state {
	IN_LINE,    /* until the next line end */
	IN_LITERAL, /* of a response that is held */
	IN_BODY,    /* handed on */
	IN_ESEARCH, /* up to its set */
	IN_NUMBERS, /* of a SEARCH, or the set of an ESEARCH */
};

enum { SEARCH_LEN = 8, ESEARCH_LEN = 9 }; /* of "* SEARCH", "* ESEARCH" */

struct imap_reply {
	enum state state;
	struct buf text;      /* the response so far, literals as they came */
	size_t part;          /* where the line behind the last literal begins */
	uint64_t left;        /* of the literal or body */
	struct imap_numbers numbers;
	bool done;            /* text was reported: the next call begins a new response */
	bool streamed;
	struct imap_fetch fetch;
};

struct imap_reply *imap_reply_new(void)
{
	return mem_zero(1, sizeof(struct imap_reply));
}

void imap_reply_free(struct imap_reply *r)
{
	if (!r)
		return;
	buf_free(&r->text);
	imap_fetch_free(&r->fetch);
	free(r);
}

static int nonsense(const struct imap_reply *r, const char *what, struct fault *why)
{
	AUTO_BUF seen = { 0 };

	say_visible(&seen, slice_first(buf_slice(&r->text), 60));
	return fault_set(why, FAULT_PROTOCOL, "%s: \"%s\"", what, buf_text(&seen));
}

/* A line that is free text up to its end: it cannot hold a literal. */
static bool is_free_text(struct slice text)
{
	enum imap_condition ignored;

	if (text.len && text.ptr[0] == '+')
		return true;
	if (slice_starts(text, "* "))
		slice_skip(&text, 2);
	else
		imap_word(&text);
	return imap_condition_read(&text, &ignored);
}

static int numbered(struct imap_reply *r, struct slice rest, uint64_t number,
	struct imap_event *event, struct fault *why)
{
	struct slice name = imap_word(&rest);

	event->number = number;
	event->name = name;
	if (number > UINT32_MAX)
		return nonsense(r, "a number beyond 32 bits", why);
	if (!slice_is_case(name, "FETCH")) {
		event->kind = IMAP_COUNT;
		return 0;
	}
	event->kind = IMAP_FETCH;
	event->fetch = &r->fetch;
	if (imap_fetch_read(rest, true, &r->fetch) < 0)
		return nonsense(r, "malformed FETCH", why);
	if (r->streamed)
		r->fetch.body = IMAP_BODY_STREAMED;
	r->fetch.sequence = (uint32_t)number;
	return 0;
}

static int untagged(struct imap_reply *r, struct slice rest, struct imap_event *event,
	struct fault *why)
{
	uint64_t number;

	if (imap_condition_read(&rest, &event->condition)) {
		event->kind = IMAP_STATUS;
		imap_text_read(rest, event);
		return 0;
	}
	event->name = imap_word(&rest);
	if (event->name.len == 0)
		return nonsense(r, "an untagged response without a name", why);
	if (slice_number(event->name, &number))
		return numbered(r, rest, number, event, why);
	event->kind = IMAP_DATA;
	event->text = slice_trim(rest);
	return 0;
}

static int tagged(struct imap_reply *r, struct slice rest, struct imap_event *event,
	struct fault *why)
{
	event->kind = IMAP_TAGGED;
	event->tag = imap_word(&rest);
	if (event->tag.len == 0 || !imap_condition_read(&rest, &event->condition) ||
		event->condition > IMAP_BAD)
		return nonsense(r, "neither OK, NO nor BAD", why);
	imap_text_read(rest, event);
	return 0;
}

static int whole(struct imap_reply *r, struct imap_event *event, struct fault *why)
{
	struct slice text = buf_slice(&r->text);

	while (text.len && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
		text.len--;
	r->done = true;
	if (slice_starts(text, "* "))
		return untagged(r, slice_from(text, 2), event, why);
	if (slice_is(text, "+") || slice_starts(text, "+ ")) {
		event->kind = IMAP_GO_ON;
		event->text = slice_trim(slice_from(text, 1));
		return 0;
	}
	return tagged(r, text, event, why);
}

/* The literal that this line announces: 1, 0 none, -1 one that is no number. */
static int literal_of(struct imap_reply *r, struct imap_literal *out, struct fault *why)
{
	struct slice line = slice_from(buf_slice(&r->text), r->part);

	if (is_free_text(buf_slice(&r->text)))
		return 0;
	while (line.len && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
		line.len--;
	switch (imap_literal_read(line, out)) {
	case 0:
		return 0;
	case 1:
		return 1;
	}
	return nonsense(r, "a literal of no possible size", why);
}

/* A message begins: what the response said so far is known to the reader of it. */
static int begin_body(struct imap_reply *r, const struct imap_literal *literal,
	struct imap_event *event, struct fault *why)
{
	struct slice text = buf_slice(&r->text);
	struct slice rest = text;
	uint64_t number;

	slice_skip(&rest, 2);
	if (!slice_number(imap_word(&rest), &number) || number > UINT32_MAX ||
		!slice_is_case(imap_word(&rest), "FETCH"))
		return nonsense(r, "a message body outside of FETCH", why);
	if (literal->size > IMAP_BODY_MAX)
		return fault_set(why, FAULT_PROTOCOL,
			"a message of %llu bytes, over the limit of 2 GiB",
			(unsigned long long)literal->size);
	if (r->streamed)
		return nonsense(r, "two message bodies in one response", why);
	/* "BODY[] {9}" becomes "BODY[] NIL" in what is held: the bytes go elsewhere. */
	buf_cut(&r->text, r->part + literal->at);
	rest = slice_from(buf_slice(&r->text), (size_t)(rest.ptr - text.ptr));
	if (imap_fetch_read(rest, false, &r->fetch) < 0)
		return nonsense(r, "malformed FETCH", why);
	r->fetch.sequence = (uint32_t)number;
	buf_add_text(&r->text, "NIL");
	r->part = r->text.len;
	r->streamed = true;
	r->left = literal->size;
	r->state = IN_BODY;
	event->kind = IMAP_BODY;
	event->number = literal->size;
	event->fetch = &r->fetch;
	return 0;
}

/* A line end was reached: a whole response (event set), a literal, or a body. */
static int line_end(struct imap_reply *r, struct imap_event *event, struct fault *why)
{
	struct imap_literal literal;
	int found = literal_of(r, &literal, why);

	if (found < 0)
		return -1;
	if (!found)
		return whole(r, event, why);
	if (literal.body && slice_starts(buf_slice(&r->text), "* "))
		return begin_body(r, &literal, event, why);
	if (literal.size > IMAP_TEXT_MAX || r->text.len + literal.size > IMAP_TEXT_MAX)
		return nonsense(r, "a literal over the limit of 256 KiB", why);
	r->left = literal.size;
	r->part = r->text.len;
	r->state = IN_LITERAL;
	return 0;
}

/* "* SEARCH" and its next byte are here: the numbers, which may be millions, are not held. */
static bool begins_search(const struct imap_reply *r)
{
	return r->part == 0 && r->text.len == SEARCH_LEN + 1 &&
		slice_starts_case(buf_slice(&r->text), "* SEARCH") &&
		strchr(" \r\n", r->text.ptr[SEARCH_LEN]) != NULL;
}

/* So far a line is looked at, at first: it may begin a search. */
static struct slice line_start(const struct imap_reply *r, struct slice in)
{
	size_t len = r->text.len;

	if (r->part != 0 || len > ESEARCH_LEN)
		return in;
	return slice_first(in, (len <= SEARCH_LEN ? SEARCH_LEN + 1 : ESEARCH_LEN + 1) - len);
}

static int take_line(struct imap_reply *r, struct slice *in, struct imap_event *event,
	struct fault *why)
{
	struct slice look = line_start(r, *in);
	ptrdiff_t end = slice_find_byte(look, '\n');
	size_t len = end < 0 ? look.len : (size_t)end + 1;

	if (r->text.len + len > IMAP_TEXT_MAX)
		return nonsense(r, "a line over the limit of 256 KiB", why);
	buf_add(&r->text, in->ptr, len);
	if (begins_search(r)) {
		slice_skip(in, len - 1); /* the blank or line end is read as of the numbers */
		buf_cut(&r->text, SEARCH_LEN);
		r->state = IN_NUMBERS;
		r->numbers = (struct imap_numbers){ .set = false };
		return 0;
	}
	slice_skip(in, len);
	if (r->part == 0 && r->text.len == ESEARCH_LEN + 1 &&
		slice_starts_case(buf_slice(&r->text), "* ESEARCH "))
		r->state = IN_ESEARCH;
	return end < 0 ? 0 : line_end(r, event, why);
}

static void take_literal(struct imap_reply *r, struct slice *in)
{
	struct slice some = slice_first(*in, (size_t)r->left);

	buf_add_slice(&r->text, some);
	slice_skip(in, some.len);
	r->left -= some.len;
	if (r->left)
		return;
	r->part = r->text.len;
	r->state = IN_LINE;
}

static void take_body(struct imap_reply *r, struct slice *in, struct imap_event *event)
{
	struct slice some = *in;

	if (some.len > r->left)
		some.len = (size_t)r->left;
	if (some.len) {
		event->kind = IMAP_BYTES;
		event->bytes = some;
		slice_skip(in, some.len);
		r->left -= some.len;
	}
	if (r->left == 0)
		r->state = IN_LINE;
}

/*
 * esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP name SP value): what
 * stands before the value of ALL is held. RFC 4731 section 3.1.
 */
static int take_esearch(struct imap_reply *r, struct slice *in, struct imap_event *event,
	struct fault *why)
{
	while (in->len) {
		char byte = in->ptr[0];

		if (r->text.len == IMAP_TEXT_MAX)
			return nonsense(r, "a line over the limit of 256 KiB", why);
		buf_add_byte(&r->text, byte);
		slice_skip(in, 1);
		if (byte == '\n') {
			r->state = IN_LINE;
			return line_end(r, event, why);
		}
		if (byte == ' ' && slice_ends_case(buf_slice(&r->text), " ALL ")) {
			r->state = IN_NUMBERS;
			r->numbers = (struct imap_numbers){ .set = true };
			return 0;
		}
	}
	return 0;
}

/* Behind the numbers: of a SEARCH mostly nothing, which is not worth an event. */
static void end_numbers(struct imap_reply *r, struct slice *in)
{
	r->state = IN_LINE;
	if (r->numbers.set)
		return;
	if (in->ptr[0] == '\n') {
		slice_skip(in, 1);
		r->done = true;
		return;
	}
	r->part = r->text.len;
	buf_add_byte(&r->text, ' ');
}

static int take_numbers(struct imap_reply *r, struct slice *in, struct imap_event *event,
	struct fault *why)
{
	int got = imap_numbers_take(&r->numbers, in, &event->number, &event->last);

	if (got < 0)
		return nonsense(r, got == -1 ? "no numbers" : "a number beyond 32 bits", why);
	if (got == 1)
		event->kind = IMAP_FOUND;
	if (got == 2)
		end_numbers(r, in);
	return 0;
}

static void begin(struct imap_reply *r)
{
	buf_clear(&r->text);
	imap_fetch_clear(&r->fetch);
	r->part = 0;
	r->done = false;
	r->streamed = false;
}

int imap_next(struct imap_reply *r, struct slice *in, struct imap_event *event,
	struct fault *why)
{
	int status = 0;

	*event = (struct imap_event){ .kind = IMAP_MORE };
	if (r->done)
		begin(r);
	while (status == 0 && event->kind == IMAP_MORE && (in->len || r->state != IN_LINE)) {
		size_t before = in->len;
		enum state was = r->state;

		switch (r->state) {
		case IN_LINE:
			status = take_line(r, in, event, why);
			break;
		case IN_LITERAL:
			take_literal(r, in);
			break;
		case IN_BODY:
			take_body(r, in, event);
			break;
		case IN_ESEARCH:
			status = take_esearch(r, in, event, why);
			break;
		case IN_NUMBERS:
			status = take_numbers(r, in, event, why);
			break;
		}
		if (status == 0 && event->kind == IMAP_MORE && r->done)
			begin(r);
		if (in->len == before && r->state == was)
			break;
	}
	return status;
}
