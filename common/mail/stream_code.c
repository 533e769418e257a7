/*
 * mailrail-stream(5): how a value is written so that no byte in it can end a line.
 *
 *	value   = *( plain / encoded )
 *	plain   = %x20-24 / %x26-7E / %x80-FF
 *	encoded = "%" 2HEXDIG                    ; not %00
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/stream.h"

static bool is_plain(unsigned char byte, bool word)
{
	return byte >= (word ? 0x21 : 0x20) && byte != 0x7f && byte != '%';
}

void stream_encode(struct buf *out, struct slice value, bool word)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t at = 0;

	while (at < value.len) {
		size_t from = at;
		unsigned char byte;

		while (at < value.len && is_plain((unsigned char)value.ptr[at], word))
			at++;
		buf_add(out, value.ptr + from, at - from);
		if (at == value.len)
			return;
		byte = (unsigned char)value.ptr[at++];
		buf_add_byte(out, '%');
		buf_add_byte(out, digits[byte >> 4]);
		buf_add_byte(out, digits[byte & 15]);
	}
}

bool stream_decode(struct buf *out, struct slice value)
{
	size_t at = 0;

	while (at < value.len) {
		size_t from = at;
		int high, low;

		while (at < value.len && is_plain((unsigned char)value.ptr[at], false))
			at++;
		buf_add(out, value.ptr + from, at - from);
		if (at == value.len)
			return true;
		if (value.ptr[at] != '%' || value.len - at < 3)
			return false;
		high = slice_hex_digit(value.ptr[at + 1]);
		low = slice_hex_digit(value.ptr[at + 2]);
		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return false;
		buf_add_byte(out, (char)(high * 16 + low));
		at += 3;
	}
	return true;
}
