/*
 * Headers as messages: see excerpt.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/excerpt.h"

#include "common/mail/header.h"

static void put_lines(struct slice text, struct buf *out)
{
	struct slice line;

	while (slice_line(&text, &line)) {
		buf_add_slice(out, line);
		buf_add_text(out, "\r\n");
	}
}

static bool is_about_body(struct slice name)
{
	return slice_starts_case(name, "Content-") || slice_is_case(name, "MIME-Version");
}

void excerpt_make(struct slice header, uint64_t size, uint64_t most, const char *where,
	struct buf *out)
{
	struct slice rest = slice_first(header, EXCERPT_HEADER_MAX);
	struct field field;

	while (header_next(&rest, &field) == 1) {
		if (is_about_body(field.name))
			buf_add_text(out, "X-Original-");
		put_lines(field.raw, out);
	}
	buf_add_text(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
			  "Content-Transfer-Encoding: 8bit\r\n\r\n");
	buf_add_text(out, "Only the header of this message was fetched: it has ");
	if (size)
		buf_addf(out, "%llu bytes,\r\nand", (unsigned long long)size);
	else
		buf_add_text(out, "too many bytes:");
	buf_addf(out, " max-size is %llu. It stays at the server as it is:\r\n%s\r\n",
		(unsigned long long)most, where);
}
