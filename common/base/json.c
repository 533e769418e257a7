/*
 * Writing JSON: see json.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/json.h"

#include "common/base/utf8.h"

/*
 * char = unescaped / escape ( %x22 / %x5C / ... / %x75 4HEXDIG ); unescaped = %x20-21 /
 * %x23-5B / %x5D-10FFFF. DEL is escaped, too: what is shown may go to a terminal.
 */
void json_put_text(struct buf *out, struct slice text)
{
	buf_add_byte(out, '"');
	while (text.len > 0) {
		unsigned char c = (unsigned char)*text.ptr;
		int length = utf8_length(text);

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_addf(out, "\\u%04x", c);
		else if (length > 0)
			buf_add(out, text.ptr, (size_t)length);
		else
			buf_add_text(out, UTF8_REPLACEMENT);
		slice_skip(&text, length > 0 ? (size_t)length : 1);
	}
	buf_add_byte(out, '"');
}
