/*
 * Forms: see form.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/oauth/form.h"

static bool is_unreserved(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

static void escape(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (is_unreserved(text.ptr[i]))
			buf_add_byte(out, text.ptr[i]);
		else
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)text.ptr[i]);
	}
}

void form_add(struct buf *out, const char *name, struct slice value)
{
	if (out->len > 0 && out->ptr[out->len - 1] != '?' && out->ptr[out->len - 1] != '&')
		buf_add_byte(out, '&');
	escape(out, slice_text(name));
	buf_add_byte(out, '=');
	escape(out, value);
}

/* pct-encoded = "%" HEXDIG HEXDIG; false when malformed. */
static bool unescape(struct slice text, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			int high = i + 2 < text.len ? slice_hex_digit(text.ptr[i + 1]) : -1;
			int low = i + 2 < text.len ? slice_hex_digit(text.ptr[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if ((unsigned char)c < ' ' || c == 127)
			return false;
		buf_add_byte(out, c);
	}
	return true;
}

int form_find(struct slice query, const char *name, struct buf *out)
{
	struct slice pair;
	int found = 0;

	while (slice_cut(&query, '&', &pair)) {
		struct slice value = pair;
		struct slice own = { "", 0 };

		slice_cut(&value, '=', &own);
		if (!slice_is(own, name))
			continue;
		if (found || !unescape(value, out))
			return -1;
		found = 1;
	}
	return found;
}
