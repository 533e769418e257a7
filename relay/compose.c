/*
 * Headers of submissions: see compose.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/compose.h"

#include "common/mail/header.h"
#include "relay/compose_field.h"
#include "relay/qualify.h"
#include "relay/recipients.h"

/* LIMIT: RFC 5322 2.1.1 allows 998 bytes to a line, so no name is longer. */
enum { NAME_MAX_LENGTH = 998 };

enum place {
	PLACE_LINE_START, /* in the header; `line` holds the line as far as it came */
	PLACE_LINE_REST,  /* the line is known and goes where `way` says */
	PLACE_BODY,
};

enum way { WAY_KEEP, WAY_DROP, WAY_GATHER };

struct compose {
	struct compose_plan plan;
	enum place place;
	enum way way;
	bool any_line;  /* a field was seen */
	bool after_cr;
	unsigned seen;  /* bit per row */
	bool resent_closed;
	const struct compose_field *row; /* of the gathered field */
	size_t colon;                    /* in `field` */
	struct buf field;                /* the gathered field */
	struct buf line;
	struct strings recipients;
	struct strings resent;
};

struct compose *compose_new(const struct compose_plan *plan)
{
	struct compose *c = mem_zero(1, sizeof(*c));

	c->plan = *plan;
	return c;
}

void compose_free(struct compose *c)
{
	if (!c)
		return;
	buf_free(&c->field);
	buf_free(&c->line);
	strings_free(&c->recipients);
	strings_free(&c->resent);
	free(c);
}

void compose_free_at(struct compose **c)
{
	compose_free(*c);
	*c = NULL;
}

const struct strings *compose_recipients(const struct compose *c)
{
	for (unsigned i = 0; i < COMPOSE_FIELDS; i++) {
		if ((compose_fields[i].traits & FIELD_RESENT) && (c->seen & (1U << i)))
			return &c->resent;
	}
	return &c->recipients;
}

static int take_recipients(struct compose *c, struct slice body, struct fault *why)
{
	AUTO_BUF flat = { 0 };
	bool resent = c->row->traits & FIELD_RESENT;

	if (resent && c->resent_closed)
		return 0;
	header_unfold(body, &flat);
	return recipients_read(buf_slice(&flat), c->row->name, c->plan.hostname,
		resent ? &c->resent : &c->recipients, why);
}

/* The gathered field is whole: its recipients are taken, and it leaves unless hidden. */
static int finish_field(struct compose *c, struct buf *out, struct fault *why)
{
	struct slice field = buf_slice(&c->field);
	struct slice body;
	int result = 0;

	if (c->way != WAY_GATHER)
		return 0;
	body = slice_from(field, c->colon + 1);
	if (body.len > 0 && body.ptr[body.len - 1] == '\n')
		body.len--;
	if (c->plan.take_recipients && (c->row->traits & FIELD_RECIPIENTS))
		result = take_recipients(c, body, why);
	if (!(c->row->traits & FIELD_HIDDEN)) {
		buf_add_slice(out, slice_first(field, c->colon + 1));
		qualify_addresses(body, c->plan.hostname, out);
		buf_add_byte(out, '\n');
	}
	buf_clear(&c->field);
	c->way = WAY_KEEP;
	return result;
}

static void supply(const struct compose *c, int row, const char *body, struct buf *out)
{
	if (!(c->seen & (1U << row)))
		buf_addf(out, "%s: %s\n", compose_fields[row].name, body);
}

static int end_header(struct compose *c, struct buf *out, struct fault *why)
{
	if (finish_field(c, out, why) < 0)
		return -1;
	supply(c, ROW_FROM, c->plan.from, out);
	supply(c, ROW_DATE, c->plan.date, out);
	supply(c, ROW_MESSAGE_ID, c->plan.message_id, out);
	buf_add_byte(out, '\n');
	c->place = PLACE_BODY;
	return 0;
}

/* A Resent block ends where one of its fields comes again, or at a trace field. */
static void note_row(struct compose *c, const struct compose_field *row)
{
	unsigned bit = 1U << (row - compose_fields);

	if ((row->traits & FIELD_RESENT) && (c->seen & bit))
		c->resent_closed = true;
	if ((row->traits & FIELD_TRACE) && compose_recipients(c) == &c->resent)
		c->resent_closed = true;
	c->seen |= bit;
}

/* The name in a line that ends with its colon; blanks before that go (4.5). */
static struct slice name_of(const struct buf *line)
{
	struct slice name = slice_first(buf_slice(line), line->len - 1);

	while (name.len > 0 && (name.ptr[name.len - 1] == ' ' || name.ptr[name.len - 1] == '\t'))
		name.len--;
	return name;
}

static bool is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char byte = (unsigned char)name.ptr[i];

		if (byte <= ' ' || byte == 0x7f)
			return false;
	}
	return name.len > 0;
}

static enum way way_of(const struct compose *c, const struct compose_field *row)
{
	bool wanted = c->plan.take_recipients && (row->traits & FIELD_RECIPIENTS);

	if (wanted || (row->traits & FIELD_ADDRESSES))
		return WAY_GATHER;
	return row->traits & FIELD_HIDDEN ? WAY_DROP : WAY_KEEP;
}

/* The name before the colon decides; `line` ends with the colon. */
static void begin_field(struct compose *c, struct buf *out)
{
	struct slice name = name_of(&c->line);

	c->any_line = true;
	c->row = is_name(name) ? compose_field_find(name) : NULL;
	c->way = WAY_KEEP;
	if (c->row) {
		note_row(c, c->row);
		c->way = way_of(c, c->row);
	}
	if (c->way == WAY_GATHER) {
		c->colon = c->line.len - 1;
		buf_swap(&c->field, &c->line);
	} else if (c->way == WAY_KEEP) {
		buf_add_slice(out, buf_slice(&c->line));
	}
	buf_clear(&c->line);
	c->place = PLACE_LINE_REST;
}

static bool is_from_line(const struct compose *c)
{
	struct slice line = buf_slice(&c->line);

	return !c->any_line && (slice_starts(line, "From ") || slice_starts(line, ">From "));
}

/* Neither field nor continuation: passes, and what continues it passes with it. */
static int begin_other(struct compose *c, struct buf *out, struct fault *why)
{
	bool from_line = is_from_line(c);

	if (!c->any_line && !from_line) {
		if (end_header(c, out, why) < 0)
			return -1;
	} else {
		c->way = from_line ? WAY_DROP : WAY_KEEP;
		c->place = PLACE_LINE_REST;
	}
	if (!from_line)
		buf_add_slice(out, buf_slice(&c->line));
	buf_clear(&c->line);
	return 0;
}

static int gather(struct compose *c, struct slice bytes, struct buf *out, struct fault *why)
{
	if (c->field.len + bytes.len <= COMPOSE_FIELD_MAX) {
		buf_add_slice(&c->field, bytes);
		return 0;
	}
	if (c->plan.take_recipients && (c->row->traits & FIELD_RECIPIENTS))
		return fault_set(why, FAULT_DATA, "the %s field is longer than %d bytes",
			c->row->name, COMPOSE_FIELD_MAX);
	buf_add_slice(out, buf_slice(&c->field));
	buf_add_slice(out, bytes);
	buf_clear(&c->field);
	c->way = WAY_KEEP;
	return 0;
}

/* Up to and with the LF, or up to a CR, or all there is. */
static struct slice take_line_part(struct slice *in, bool *ended)
{
	ptrdiff_t end = slice_find_byte(*in, '\n');
	struct slice part = slice_first(*in, end < 0 ? in->len : (size_t)end + 1);
	ptrdiff_t cr = slice_find_byte(part, '\r');

	*ended = end >= 0 && cr < 0;
	if (cr >= 0)
		part.len = (size_t)cr;
	slice_skip(in, part.len);
	return part;
}

static int push_rest(struct compose *c, struct slice *in, struct buf *out, struct fault *why)
{
	bool ended;
	struct slice part = take_line_part(in, &ended);

	if (ended)
		c->place = PLACE_LINE_START;
	if (c->way == WAY_GATHER)
		return gather(c, part, out, why);
	if (c->way == WAY_KEEP)
		buf_add_slice(out, part);
	return 0;
}

/* One byte of a line whose kind is not yet known. */
static int push_start(struct compose *c, struct slice *in, struct buf *out, struct fault *why)
{
	char byte = in->ptr[0];
	int result = 0;

	if (c->line.len == 0 && c->any_line && (byte == ' ' || byte == '\t')) {
		c->place = PLACE_LINE_REST;
		return 0;
	}
	slice_skip(in, 1);
	if (c->line.len == 0 && byte == '\n')
		return end_header(c, out, why);
	if (c->line.len == 0 && c->any_line)
		result = finish_field(c, out, why);
	buf_add_byte(&c->line, byte);
	if (result == 0 && byte == ':' && (c->any_line || is_name(name_of(&c->line)))) {
		begin_field(c, out);
	} else if (result == 0 && byte == ':' && !is_from_line(c)) {
		result = begin_other(c, out, why);
	} else if (result == 0 && (byte == '\n' || c->line.len > NAME_MAX_LENGTH)) {
		result = begin_other(c, out, why);
		if (byte == '\n' && c->place == PLACE_LINE_REST)
			c->place = PLACE_LINE_START;
	}
	return result;
}

static int push_header(struct compose *c, struct slice *in, struct buf *out, struct fault *why)
{
	return c->place == PLACE_LINE_START ? push_start(c, in, out, why)
					    : push_rest(c, in, out, why);
}

/* CRs before a LF belong to the line end; others become one, as they would on the wire. */
static int push_after_cr(struct compose *c, struct slice *in, struct buf *out, struct fault *why)
{
	struct slice line_end = SLICE("\n");

	c->after_cr = false;
	if (in->len > 0 && in->ptr[0] == '\n')
		return push_header(c, in, out, why);
	return push_header(c, &line_end, out, why);
}

int compose_push(struct compose *c, struct slice bytes, struct buf *out, struct fault *why)
{
	int result = 0;

	while (bytes.len > 0 && c->place != PLACE_BODY && result == 0) {
		if (bytes.ptr[0] == '\r') {
			c->after_cr = true;
			slice_skip(&bytes, 1);
		} else if (c->after_cr) {
			result = push_after_cr(c, &bytes, out, why);
		} else {
			result = push_header(c, &bytes, out, why);
		}
	}
	buf_add_slice(out, bytes);
	return result;
}

/* A message that ends in its header: its last line may lack the LF. */
int compose_finish(struct compose *c, struct buf *out, struct fault *why)
{
	struct slice nothing = { "", 0 };

	if (c->place != PLACE_BODY && c->after_cr && push_after_cr(c, &nothing, out, why) < 0)
		return -1;
	if (c->place == PLACE_BODY)
		return 0;
	if (c->line.len > 0 || c->place == PLACE_LINE_REST) {
		struct slice end = SLICE("\n");

		if (compose_push(c, end, out, why) < 0)
			return -1;
	}
	return c->place == PLACE_BODY ? 0 : end_header(c, out, why);
}
