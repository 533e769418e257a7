/*
 * RFC 3629 section 4: see utf8.h.
 *
 *	UTF8-2 = %xC2-DF tail
 *	UTF8-3 = %xE0 %xA0-BF tail / %xE1-EC 2tail / %xED %x80-9F tail / %xEE-EF 2tail
 *	UTF8-4 = %xF0 %x90-BF 2tail / %xF1-F3 3tail / %xF4 %x80-8F 2tail
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/utf8.h"

/* What the second byte may be is all that tells the rows apart. */
static int lead(unsigned char c, unsigned char *low, unsigned char *high)
{
	*low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	*high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

int utf8_length(struct slice s)
{
	unsigned char low, high;
	int length;

	if (s.len == 0)
		return 0;
	length = lead((unsigned char)s.ptr[0], &low, &high);
	for (int i = 1; i < length; i++) {
		if ((size_t)i == s.len)
			return 0;
		if ((unsigned char)s.ptr[i] < low || (unsigned char)s.ptr[i] > high)
			return -1;
		low = 0x80;
		high = 0xbf;
	}
	return length;
}

uint32_t utf8_value(struct slice s, int length)
{
	static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t value = (unsigned char)s.ptr[0] & masks[length];

	for (int i = 1; i < length; i++)
		value = value << 6 | ((unsigned char)s.ptr[i] & 0x3f);
	return value;
}

void utf8_put(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_add_byte(out, (char)c);
	} else if (c < 0x800) {
		buf_add_byte(out, (char)(0xc0 | c >> 6));
		buf_add_byte(out, (char)(0x80 | (c & 0x3f)));
	} else if ((c >= 0xd800 && c < 0xe000) || c > 0x10ffff) {
		buf_add_text(out, UTF8_REPLACEMENT);
	} else if (c < 0x10000) {
		buf_add_byte(out, (char)(0xe0 | c >> 12));
		buf_add_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_add_byte(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_add_byte(out, (char)(0xf0 | c >> 18));
		buf_add_byte(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_add_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_add_byte(out, (char)(0x80 | (c & 0x3f)));
	}
}

bool utf8_valid(struct slice s)
{
	while (s.len > 0) {
		int length = utf8_length(s);

		if (length <= 0)
			return false;
		slice_skip(&s, (size_t)length);
	}
	return true;
}
