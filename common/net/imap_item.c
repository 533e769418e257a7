/*
 * Strings, literals and the items of a FETCH: see imap_item.h. RFC 3501 section 9.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/imap_item.h"

struct slice imap_word(struct slice *in)
{
	struct slice word = { "", 0 };

	slice_cut(in, ' ', &word);
	return word;
}

static bool is_body_item(struct slice name)
{
	return slice_is_case(name, "BODY[]") || slice_is_case(name, "RFC822") ||
		slice_is_case(name, "BINARY[]") || slice_is_case(name, "BODY[]<0>");
}

/* The item's name is the last word before the brace: "(UID 3 BODY[] ". */
static bool stands_behind_body(struct slice before)
{
	size_t start;

	before = slice_trim(before);
	for (start = before.len; start > 0; start--) {
		char byte = before.ptr[start - 1];

		if (byte == ' ' || byte == '(')
			break;
	}
	return is_body_item(slice_from(before, start));
}

int imap_literal_read(struct slice line, struct imap_literal *out)
{
	size_t open = line.len;
	struct slice digits;

	if (line.len < 3 || line.ptr[line.len - 1] != '}')
		return 0;
	while (open > 0 && line.ptr[open - 1] != '{')
		open--;
	if (open == 0)
		return 0;
	digits = slice_of(line.ptr + open, line.len - 1 - open);
	if (digits.len && digits.ptr[digits.len - 1] == '+')
		digits.len--;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return 0;
	}
	out->at = open - 1;
	if (out->at && line.ptr[out->at - 1] == '~')
		out->at--;
	out->body = stands_behind_body(slice_first(line, out->at));
	return slice_number(digits, &out->size) ? 1 : -1;
}

/* quoted = DQUOTE *(CHAR / "\" CHAR) DQUOTE */
static int quoted_read(struct slice *in, struct buf *out)
{
	slice_skip(in, 1);
	while (in->len && in->ptr[0] != '"') {
		if (in->ptr[0] == '\\' && in->len > 1)
			slice_skip(in, 1);
		buf_add_byte(out, in->ptr[0]);
		slice_skip(in, 1);
	}
	if (in->len == 0)
		return -1;
	slice_skip(in, 1);
	return 1;
}

/* literal = ["~"] "{" number "}" CRLF *CHAR8, in a text that holds it whole */
static int held_literal_read(struct slice *in, struct buf *out)
{
	ptrdiff_t end = slice_find_byte(*in, '\n');
	struct imap_literal literal;
	struct slice line;

	if (end < 0)
		return -1;
	line = slice_first(*in, (size_t)end);
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (imap_literal_read(line, &literal) != 1 || literal.at != 0)
		return -1;
	slice_skip(in, (size_t)end + 1);
	if (literal.size > in->len)
		return -1;
	buf_add(out, in->ptr, (size_t)literal.size);
	slice_skip(in, (size_t)literal.size);
	return 1;
}

int imap_string_read(struct slice *in, struct buf *out)
{
	struct slice atom = *in;
	size_t len = 0;

	if (in->len == 0)
		return -1;
	if (in->ptr[0] == '"')
		return quoted_read(in, out);
	if (in->ptr[0] == '{' || slice_starts(*in, "~{"))
		return held_literal_read(in, out);
	while (len < in->len && in->ptr[len] != ' ' && in->ptr[len] != '(' && in->ptr[len] != ')')
		len++;
	atom.len = len;
	slice_skip(in, len);
	if (len == 0)
		return -1;
	if (slice_is_case(atom, "NIL"))
		return 0;
	buf_add_slice(out, atom);
	return 1;
}

static void skip_blanks(struct slice *in)
{
	while (in->len && in->ptr[0] == ' ')
		slice_skip(in, 1);
}

/* A value of an item that we do not know: a string, or a list of any depth. */
static int value_skip(struct slice *in)
{
	AUTO_BUF ignored = { 0 };
	size_t depth = 0;

	do {
		skip_blanks(in);
		if (in->len == 0)
			return -1;
		if (in->ptr[0] == '(') {
			depth++;
			slice_skip(in, 1);
		} else if (in->ptr[0] == ')') {
			if (depth == 0)
				return -1;
			depth--;
			slice_skip(in, 1);
		} else {
			buf_clear(&ignored);
			if (imap_string_read(in, &ignored) < 0)
				return -1;
		}
	} while (depth);
	return 0;
}

/* "FLAGS" SP "(" [flag *(SP flag)] ")" */
static int flags_read(struct slice *in, struct imap_fetch *out)
{
	struct slice list, flag;
	ptrdiff_t end = slice_find_byte(*in, ')');

	if (in->len == 0 || in->ptr[0] != '(' || end < 0)
		return -1;
	list = slice_of(in->ptr + 1, (size_t)end - 1);
	slice_skip(in, (size_t)end + 1);
	buf_clear(&out->flags);
	out->has_flags = true;
	out->deleted = false;
	while (slice_cut(&list, ' ', &flag)) {
		if (flag.len == 0 || slice_is_case(flag, "\\Recent"))
			continue;
		if (slice_is_case(flag, "\\Deleted"))
			out->deleted = true;
		if (out->flags.len)
			buf_add_byte(&out->flags, ' ');
		buf_add_slice(&out->flags, flag);
	}
	return 0;
}

static int number_read(struct slice *in, uint64_t *out)
{
	AUTO_BUF digits = { 0 };

	if (imap_string_read(in, &digits) != 1)
		return -1;
	return slice_number(buf_slice(&digits), out) ? 0 : -1;
}

static int body_read(struct slice *in, struct imap_fetch *out)
{
	buf_clear(&out->quoted);
	switch (imap_string_read(in, &out->quoted)) {
	case 1:
		out->body = IMAP_BODY_QUOTED;
		return 0;
	case 0:
		out->body = IMAP_BODY_NIL;
		return 0;
	}
	return -1;
}

/* X-GM-LABELS SP "(" [astring *(SP astring)] ")" (Gmail IMAP Extensions) */
static int labels_read(struct slice *in, struct imap_fetch *out)
{
	strings_clear(&out->labels);
	if (in->len == 0 || in->ptr[0] != '(')
		return -1;
	slice_skip(in, 1);
	for (;;) {
		AUTO_BUF label = { 0 };

		skip_blanks(in);
		if (in->len == 0)
			return -1;
		if (in->ptr[0] == ')') {
			slice_skip(in, 1);
			return 0;
		}
		if (imap_string_read(in, &label) < 0)
			return -1;
		if (label.len)
			strings_add(&out->labels, buf_slice(&label));
	}
}

static int value_read(struct slice *in, struct slice name, struct imap_fetch *out)
{
	uint64_t uid;

	if (slice_is_case(name, "UID")) {
		if (number_read(in, &uid) < 0 || uid == 0 || uid > UINT32_MAX)
			return -1;
		out->uid = (uint32_t)uid;
		return 0;
	}
	if (slice_is_case(name, "FLAGS"))
		return flags_read(in, out);
	if (slice_is_case(name, "RFC822.SIZE")) {
		out->has_size = true;
		return number_read(in, &out->size);
	}
	if (slice_is_case(name, "INTERNALDATE")) {
		buf_clear(&out->date);
		return imap_string_read(in, &out->date) < 0 ? -1 : 0;
	}
	if (is_body_item(name))
		return body_read(in, out);
	if (slice_is_case(name, "X-GM-MSGID"))
		return number_read(in, &out->gmail_id);
	if (slice_is_case(name, "X-GM-LABELS"))
		return labels_read(in, out);
	if (slice_starts_case(name, "BODY[HEADER")) {
		buf_clear(&out->header);
		return imap_string_read(in, &out->header) < 0 ? -1 : 0;
	}
	return value_skip(in);
}

/* An item's name may hold blanks in brackets: "BODY[HEADER.FIELDS (TO)]". */
static struct slice item_name(struct slice *in)
{
	struct slice name = *in;
	bool bracket = false;
	size_t len = 0;

	for (; len < in->len; len++) {
		char byte = in->ptr[len];

		if (byte == '[')
			bracket = true;
		if (byte == ']')
			bracket = false;
		if (!bracket && (byte == ' ' || byte == '(' || byte == ')'))
			break;
	}
	name.len = len;
	slice_skip(in, len);
	return name;
}

int imap_fetch_read(struct slice in, bool whole, struct imap_fetch *out)
{
	skip_blanks(&in);
	if (in.len == 0 || in.ptr[0] != '(')
		return -1;
	slice_skip(&in, 1);
	for (;;) {
		struct slice name;

		skip_blanks(&in);
		if (in.len == 0)
			return whole ? -1 : 0;
		if (in.ptr[0] == ')')
			return 0;
		name = item_name(&in);
		skip_blanks(&in);
		if (in.len == 0)
			return whole ? -1 : 0;
		if (name.len == 0 || value_read(&in, name, out) < 0)
			return -1;
	}
}

void imap_fetch_clear(struct imap_fetch *f)
{
	buf_clear(&f->flags);
	buf_clear(&f->date);
	buf_clear(&f->quoted);
	buf_clear(&f->header);
	strings_clear(&f->labels);
	*f = (struct imap_fetch){ .flags = f->flags, .date = f->date, .quoted = f->quoted,
		.header = f->header, .labels = f->labels };
}

void imap_fetch_free(struct imap_fetch *f)
{
	buf_free(&f->flags);
	buf_free(&f->date);
	buf_free(&f->quoted);
	buf_free(&f->header);
	strings_free(&f->labels);
}
