/*
 * RFC 2045 sections 6.7 and 6.8: see transfer.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/transfer.h"

enum transfer_kind transfer_kind(struct slice value)
{
	value = slice_trim(value);
	if (slice_is_case(value, "base64"))
		return TRANSFER_BASE64;
	if (slice_is_case(value, "quoted-printable"))
		return TRANSFER_QUOTED;
	return TRANSFER_IDENTITY;
}

int transfer_base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The bytes of a group that padding or the end cut short. */
static void base64_flush(struct transfer *t, struct buf *out)
{
	if (t->count >= 2)
		buf_add_byte(out, (char)(t->bits >> (t->count == 2 ? 4 : 10)));
	if (t->count == 3)
		buf_add_byte(out, (char)(t->bits >> 2));
	t->bits = 0;
	t->count = 0;
}

static void base64_decode(struct transfer *t, struct slice bytes, struct buf *out)
{
	buf_reserve(out, bytes.len + 3);
	for (size_t i = 0; i < bytes.len; i++) {
		int digit = transfer_base64_digit(bytes.ptr[i]);

		if (digit < 0) {
			if (bytes.ptr[i] == '=')
				base64_flush(t, out);
			continue;
		}
		t->bits = t->bits << 6 | (uint32_t)digit;
		if (++t->count == 4) {
			char *three = out->ptr + out->len;

			/* There is room: no byte comes out for which no digit came in. */
			three[0] = (char)(t->bits >> 16);
			three[1] = (char)(t->bits >> 8);
			three[2] = (char)t->bits;
			three[3] = '\0';
			out->len += 3;
			t->bits = 0;
			t->count = 0;
		}
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void release(struct transfer *t, struct buf *out)
{
	buf_add_slice(out, buf_slice(&t->held));
	buf_clear(&t->held);
}

/* A byte behind "=", blanks perhaps between; false when it belongs to something new. */
static bool behind_equals(struct transfer *t, char c, struct buf *out)
{
	int digit = slice_hex_digit(c);

	if (c == '\n' && (t->held.len == 1 || is_blank(t->held.ptr[1]))) {
		buf_clear(&t->held);
		return true;
	}
	if (is_blank(c) && t->held.len < TRANSFER_HELD_MAX &&
	    (t->held.len == 1 || is_blank(t->held.ptr[1]))) {
		buf_add_byte(&t->held, c);
		return true;
	}
	if (digit >= 0 && t->held.len == 1) {
		buf_add_byte(&t->held, c);
		return true;
	}
	if (digit >= 0 && t->held.len == 2 && !is_blank(t->held.ptr[1])) {
		int high = slice_hex_digit(t->held.ptr[1]);

		buf_clear(&t->held);
		buf_add_byte(out, (char)(high << 4 | digit));
		return true;
	}
	release(t, out);
	return false;
}

/* A byte behind blanks; false when it belongs to something new. */
static bool behind_blanks(struct transfer *t, char c, struct buf *out)
{
	bool cr = t->held.ptr[t->held.len - 1] == '\r';

	if (c == '\n') {
		buf_clear(&t->held);
		buf_add(out, &"\r\n"[cr ? 0 : 1], cr ? 2 : 1);
		return true;
	}
	if (is_blank(c) && !cr && t->held.len < TRANSFER_HELD_MAX) {
		buf_add_byte(&t->held, c);
		return true;
	}
	release(t, out);
	return false;
}

static void quoted_decode(struct transfer *t, struct slice bytes, struct buf *out)
{
	while (bytes.len > 0) {
		char c = bytes.ptr[0];
		size_t run = 0;
		bool taken = false;

		if (t->held.len > 0)
			taken = t->held.ptr[0] == '=' ? behind_equals(t, c, out)
						      : behind_blanks(t, c, out);
		if (taken) {
			slice_skip(&bytes, 1);
			continue;
		}
		while (run < bytes.len && bytes.ptr[run] != '=' && !is_blank(bytes.ptr[run]))
			run++;
		buf_add(out, bytes.ptr, run);
		slice_skip(&bytes, run);
		if (bytes.len > 0) {
			buf_add_byte(&t->held, bytes.ptr[0]);
			slice_skip(&bytes, 1);
		}
	}
}

void transfer_decode(struct transfer *t, struct slice bytes, struct buf *out)
{
	switch (t->kind) {
	case TRANSFER_BASE64:
		base64_decode(t, bytes, out);
		break;
	case TRANSFER_QUOTED:
		quoted_decode(t, bytes, out);
		break;
	case TRANSFER_IDENTITY:
		buf_add_slice(out, bytes);
		break;
	}
}

void transfer_finish(struct transfer *t, struct buf *out)
{
	base64_flush(t, out);
	/* "=" and blanks at the end of the body stand before a line end too; "=4" does not. */
	if (t->held.len == 2 && t->held.ptr[0] == '=' && !is_blank(t->held.ptr[1]))
		release(t, out);
	buf_free(&t->held);
}
