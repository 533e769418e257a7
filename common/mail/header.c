/*
 * RFC 5322 sections 2.2, 3.6 and 4.5: see header.h and LENIENT.md.
 *
 *	header = *( field / junk ) [ empty ]
 *	field  = name *WSP ":" *OCTET end *( WSP *OCTET end )
 *	name   = 1*( %d33-57 / %d59-126 / %d128-255 )
 *	junk   = any other line, with the lines behind it that begin with WSP
 *	end    = *CR LF / end of the bytes
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/header.h"

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_name_byte(unsigned char c)
{
	return c > 32 && c != ':' && c != 127;
}

/* The line at the front, its end included. */
static struct slice first_line(struct slice in)
{
	ptrdiff_t at = slice_find_byte(in, '\n');

	return at < 0 ? in : slice_first(in, (size_t)at + 1);
}

/* Without the line end: *CR LF. */
static struct slice chop(struct slice line)
{
	if (line.len > 0 && line.ptr[line.len - 1] == '\n') {
		line.len--;
		while (line.len > 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
	}
	return line;
}

static bool is_empty(struct slice line)
{
	return line.len > 0 && chop(line).len == 0;
}

/* Length of the name when the line begins a field, and where its colon is; else 0. */
static size_t name_length(struct slice line, size_t *colon)
{
	size_t len = 0;
	size_t at;

	while (len < line.len && is_name_byte((unsigned char)line.ptr[len]))
		len++;
	for (at = len; at < line.len && is_wsp(line.ptr[at]); at++)
		;
	if (len == 0 || at == line.len || line.ptr[at] != ':')
		return 0;
	*colon = at;
	return len;
}

/* The line at the front with the lines that continue it. */
static struct slice folded_line(struct slice in)
{
	struct slice rest = in;

	do {
		slice_skip(&rest, first_line(rest).len);
	} while (rest.len > 0 && is_wsp(rest.ptr[0]));
	return slice_first(in, in.len - rest.len);
}

int header_next(struct slice *in, struct field *out)
{
	while (in->len > 0) {
		struct slice line = first_line(*in);
		struct slice raw;
		size_t colon;
		size_t name;

		if (is_empty(line)) {
			slice_skip(in, line.len);
			return 0;
		}
		raw = folded_line(*in);
		slice_skip(in, raw.len);
		name = name_length(line, &colon);
		if (name == 0)
			continue;
		out->name = slice_first(raw, name);
		out->body = slice_from(chop(raw), colon + 1);
		out->raw = raw;
		return 1;
	}
	return 0;
}

/* "From " or ">From ", as mbox and uucp have it: an envelope that stands before a header. */
static bool is_from_line(struct slice line)
{
	size_t colon;

	return (slice_starts(line, "From ") || slice_starts(line, ">From ")) &&
	       name_length(line, &colon) == 0;
}

ptrdiff_t header_scan(struct header_scan *scan, struct slice message, bool ended)
{
	for (;;) {
		struct slice rest = slice_from(message, scan->line);
		struct slice ahead = slice_from(rest, scan->ahead);
		ptrdiff_t lf = slice_find_byte(ahead, '\n');
		struct slice line;
		size_t colon;

		if (lf < 0 && !ended) {
			scan->ahead = rest.len;
			return -1;
		}
		line = lf < 0 ? rest : slice_first(rest, scan->ahead + (size_t)lf + 1);
		if (line.len == 0)
			return scan->begun ? (ptrdiff_t)scan->line : 0;
		if (is_empty(line))
			return (ptrdiff_t)(scan->line + line.len);
		if (!scan->begun && !is_from_line(line)) {
			if (name_length(line, &colon) == 0)
				return 0;
			scan->begun = true;
		}
		scan->line += line.len;
		scan->ahead = 0;
	}
}

ptrdiff_t header_length(struct slice message, bool ended)
{
	struct header_scan scan = { 0 };

	return header_scan(&scan, message, ended);
}

bool header_find(struct slice header, const char *name, struct field *out)
{
	struct field field;

	while (header_next(&header, &field) == 1) {
		if (slice_is_case(field.name, name)) {
			*out = field;
			return true;
		}
	}
	return false;
}

void header_unfold(struct slice body, struct buf *out)
{
	body = slice_trim(body);
	while (body.len > 0) {
		struct slice line = first_line(body);

		slice_skip(&body, line.len);
		buf_add_slice(out, chop(line));
		/* Only what came from somewhere else can have a line end before text. */
		if (body.len > 0 && !is_wsp(body.ptr[0]))
			buf_add_byte(out, ' ');
	}
}
