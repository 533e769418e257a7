/*
 * Modified UTF-7: see mutf7.h.
 *
 *	text   = *( %x20-25 / %x27-7E / "&-" / "&" 1*base64 "-" )
 *	base64 = UTF-16BE, "," for "/", without padding; never for what may stand for itself
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/mutf7.h"

#include "common/base/utf8.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* Bits that wait for six of their kind. */
struct bits {
	uint32_t value;
	unsigned count;
	bool open; /* "&" was written */
};

static void put_unit(struct buf *out, struct bits *b, uint32_t unit)
{
	if (!b->open)
		buf_add_byte(out, '&');
	b->open = true;
	b->value = b->value << 16 | unit;
	b->count += 16;
	while (b->count >= 6) {
		b->count -= 6;
		buf_add_byte(out, digits[b->value >> b->count & 0x3f]);
	}
	b->value &= (1U << b->count) - 1;
}

static void close_run(struct buf *out, struct bits *b)
{
	if (!b->open)
		return;
	if (b->count > 0)
		buf_add_byte(out, digits[b->value << (6 - b->count) & 0x3f]);
	buf_add_byte(out, '-');
	*b = (struct bits){ 0 };
}

bool mutf7_encode(struct slice utf8, struct buf *out)
{
	size_t before = out->len;
	struct bits b = { 0 };

	while (utf8.len > 0) {
		int length = utf8_length(utf8);
		uint32_t c;

		if (length <= 0) {
			buf_cut(out, before);
			return false;
		}
		c = utf8_value(utf8, length);
		slice_skip(&utf8, (size_t)length);
		if (c >= 0x20 && c < 0x7f) {
			close_run(out, &b);
			buf_add_byte(out, (char)c);
			if (c == '&')
				buf_add_byte(out, '-');
		} else if (c < 0x10000) {
			put_unit(out, &b, c);
		} else {
			put_unit(out, &b, 0xd800 + (c - 0x10000) / 0x400);
			put_unit(out, &b, 0xdc00 + (c - 0x10000) % 0x400);
		}
	}
	close_run(out, &b);
	return true;
}

/* One UTF-16 unit; *high is a first surrogate that waits, or 0. */
static bool put_utf16(struct buf *out, uint32_t unit, uint32_t *high)
{
	bool second = unit >= 0xdc00 && unit < 0xe000;

	if (second != (*high != 0) || (unit >= 0x20 && unit < 0x7f))
		return false;
	if (unit >= 0xd800 && unit < 0xdc00) {
		*high = unit;
		return true;
	}
	utf8_put(out, second ? 0x10000 + (*high - 0xd800) * 0x400 + (unit - 0xdc00) : unit);
	*high = 0;
	return true;
}

/* What stands between "&" and "-", at least one digit. */
static bool decode_run(struct slice run, struct buf *out)
{
	uint32_t high = 0;
	struct bits b = { 0 };

	for (size_t i = 0; i < run.len; i++) {
		const char *at = run.ptr[i] ? strchr(digits, run.ptr[i]) : NULL;

		if (!at)
			return false;
		b.value = b.value << 6 | (uint32_t)(at - digits);
		b.count += 6;
		if (b.count < 16)
			continue;
		b.count -= 16;
		if (!put_utf16(out, b.value >> b.count & 0xffff, &high))
			return false;
		b.value &= (1U << b.count) - 1;
	}
	return high == 0 && b.count < 6 && b.value == 0;
}

bool mutf7_decode(struct slice text, struct buf *out)
{
	size_t before = out->len;

	while (text.len > 0) {
		unsigned char c = (unsigned char)text.ptr[0];
		ptrdiff_t end;

		slice_skip(&text, 1);
		if (c < 0x20 || c >= 0x7f) {
			buf_cut(out, before);
			return false;
		}
		if (c != '&') {
			buf_add_byte(out, (char)c);
			continue;
		}
		end = slice_find_byte(text, '-');
		if (end < 0 || (end > 0 && !decode_run(slice_first(text, (size_t)end), out))) {
			buf_cut(out, before);
			return false;
		}
		if (end == 0)
			buf_add_byte(out, '&');
		slice_skip(&text, (size_t)end + 1);
	}
	return true;
}
