/*
 * Quoted-printable, written: see transfer_encode.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/transfer_encode.h"

#include "common/base/utf8.h"

/* A line with its "=" for a soft break. */
enum { QUOTED_LINE_MAX = 76 };
/* RFC 5322 section 2.1.1 */
enum { PLAIN_LINE_MAX = 998 };

static bool is_literal(char c, bool last)
{
	if (c == ' ' || c == '\t')
		return !last;
	return c > ' ' && c <= '~' && c != '=';
}

static size_t character_length(struct slice s)
{
	int length = utf8_length(s);

	return length > 0 ? (size_t)length : 1;
}

static void encode_line(struct slice line, struct buf *out)
{
	size_t column = 0;

	while (line.len > 0) {
		size_t len = character_length(line);
		bool literal = len == 1 && is_literal(line.ptr[0], line.len == 1);
		size_t width = literal ? 1 : 3 * len;

		if (column + width > QUOTED_LINE_MAX - (line.len > len ? 1 : 0)) {
			buf_add_text(out, "=\n");
			column = 0;
		}
		for (size_t i = 0; i < len; i++) {
			if (literal)
				buf_add_byte(out, line.ptr[i]);
			else
				buf_addf(out, "=%02X", (unsigned)(unsigned char)line.ptr[i]);
		}
		column += width;
		slice_skip(&line, len);
	}
}

void transfer_encode_quoted(struct slice text, struct buf *out)
{
	while (text.len > 0) {
		ptrdiff_t end = slice_find_byte(text, '\n');
		size_t len = end < 0 ? text.len : (size_t)end;

		encode_line(slice_first(text, len), out);
		slice_skip(&text, len);
		if (end >= 0) {
			buf_add_byte(out, '\n');
			slice_skip(&text, 1);
		}
	}
}

bool transfer_is_7bit(struct slice text)
{
	size_t line = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		line = c == '\n' ? 0 : line + 1;
		if (c == 0 || c == '\r' || c > 126 || line > PLAIN_LINE_MAX)
			return false;
	}
	return true;
}
