/*
 * RFC 2045 section 5, RFC 2183: see mime_part.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/mime_part.h"

#include "common/mail/header.h"
#include "common/mail/parameter.h"

/* RFC 2045 section 5.1: token. */
static bool is_token(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] <= 32 || s.ptr[i] == 127 || strchr("()<>@,;:\\\"/[]?=", s.ptr[i]))
			return false;
	}
	return s.len > 0 && s.len <= MIME_TEXT_MAX;
}

static void set_lower(struct buf *to, struct slice text)
{
	buf_clear(to);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		buf_add_byte(to, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
	}
}

/* Cuts UTF-8 between characters, and gives the memory back. */
static void cut_text(struct buf *text, size_t max)
{
	if (text->len <= max)
		return;
	while (max > 0 && ((unsigned char)text->ptr[max] & 0xc0) == 0x80)
		max--;
	buf_set(text, slice_first(buf_slice(text), max));
}

/* The field's value unfolded; false when there is none. */
static bool field_value(struct slice header, const char *name, struct buf *out)
{
	struct field field;

	if (!header_find(header, name, &field))
		return false;
	header_unfold(field.body, out);
	return true;
}

/* Section 5.2: what is missing or broken is text/plain. */
static void read_type(struct slice header, bool in_digest, struct mime_facts *out)
{
	AUTO_BUF value = { 0 };
	struct slice type, subtype;

	set_lower(&out->type, in_digest ? SLICE("message") : SLICE("text"));
	set_lower(&out->subtype, in_digest ? SLICE("rfc822") : SLICE("plain"));
	if (!field_value(header, "Content-Type", &value))
		return;
	subtype = parameter_main(buf_slice(&value));
	slice_cut(&subtype, '/', &type);
	type = slice_trim(type);
	subtype = subtype.ptr ? slice_trim(subtype) : SLICE("");
	if (!is_token(type) || !is_token(subtype)) {
		type = SLICE("text");
		subtype = SLICE("plain");
	}
	set_lower(&out->type, type);
	set_lower(&out->subtype, subtype);
	parameter_bytes(buf_slice(&value), "charset", &out->charset);
	parameter_bytes(buf_slice(&value), "boundary", &out->boundary);
	parameter_text(buf_slice(&value), "name", &out->filename);
}

static void read_disposition(struct slice header, struct mime_facts *out)
{
	AUTO_BUF value = { 0 };
	AUTO_BUF name = { 0 };

	if (!field_value(header, "Content-Disposition", &value))
		return;
	set_lower(&out->disposition, parameter_main(buf_slice(&value)));
	if (parameter_text(buf_slice(&value), "filename", &name))
		buf_swap(&out->filename, &name);
}

/* Blanks at its end could be gone from the lines (RFC 2046 section 5.1.1). */
static void check_boundary(struct buf *boundary)
{
	size_t len = boundary->len;

	while (len > 0 && (boundary->ptr[len - 1] == ' ' || boundary->ptr[len - 1] == '\t'))
		len--;
	if (len > MIME_BOUNDARY_MAX || slice_find_byte(buf_slice(boundary), '\n') >= 0)
		len = 0;
	if (len < boundary->len)
		buf_set(boundary, slice_first(buf_slice(boundary), len));
}

/* RFC 2045 section 6.2: encodings that change nothing; also when none is named. */
static bool is_identity(struct slice name)
{
	return name.len == 0 || slice_is_case(name, "7bit") || slice_is_case(name, "8bit") ||
		slice_is_case(name, "binary");
}

void mime_facts_read(struct slice header, bool in_digest, struct mime_facts *out)
{
	AUTO_BUF encoding = { 0 };

	read_type(header, in_digest, out);
	read_disposition(header, out);
	check_boundary(&out->boundary);
	cut_text(&out->charset, MIME_TEXT_MAX);
	cut_text(&out->disposition, MIME_TEXT_MAX);
	cut_text(&out->filename, MIME_TEXT_MAX);
	if (field_value(header, "Content-Transfer-Encoding", &encoding)) {
		struct slice name = parameter_main(buf_slice(&encoding));

		out->encoding = transfer_kind(name);
		out->encoding_unknown = out->encoding == TRANSFER_IDENTITY && !is_identity(name);
	}
}

void mime_facts_free(struct mime_facts *facts)
{
	buf_free(&facts->type);
	buf_free(&facts->subtype);
	buf_free(&facts->charset);
	buf_free(&facts->boundary);
	buf_free(&facts->disposition);
	buf_free(&facts->filename);
}
