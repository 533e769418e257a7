/*
 * Charsets: see charset.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "common/base/utf8.h"

enum kind { KIND_UTF8, KIND_ASCII, KIND_1252, KIND_ICONV, KIND_SHIFT };

static const struct row {
	const char *name;
	enum kind kind;
	const char *iconv; /* NULL: the same name */
	size_t unit;       /* bytes that are passed over together; 0 is 1 */
} rows[] = {
	{ "utf-8", KIND_UTF8, NULL, 0 },
	{ "utf8", KIND_UTF8, NULL, 0 },
	{ "unicode-1-1-utf-8", KIND_UTF8, NULL, 0 },
	{ "", KIND_ASCII, NULL, 0 },
	{ "us-ascii", KIND_ASCII, NULL, 0 },
	{ "ascii", KIND_ASCII, NULL, 0 },
	{ "ansi_x3.4-1968", KIND_ASCII, NULL, 0 },
	{ "unknown-8bit", KIND_ASCII, NULL, 0 },
	{ "x-unknown", KIND_ASCII, NULL, 0 },
	{ "iso-8859-1", KIND_1252, NULL, 0 },
	{ "iso8859-1", KIND_1252, NULL, 0 },
	{ "iso_8859-1", KIND_1252, NULL, 0 },
	{ "latin1", KIND_1252, NULL, 0 },
	{ "windows-1252", KIND_1252, NULL, 0 },
	{ "cp1252", KIND_1252, NULL, 0 },
	{ "iso-8859-2", KIND_ICONV, NULL, 0 },
	{ "iso-8859-3", KIND_ICONV, NULL, 0 },
	{ "iso-8859-4", KIND_ICONV, NULL, 0 },
	{ "iso-8859-5", KIND_ICONV, NULL, 0 },
	{ "iso-8859-6", KIND_ICONV, NULL, 0 },
	{ "iso-8859-7", KIND_ICONV, NULL, 0 },
	{ "iso-8859-8", KIND_ICONV, NULL, 0 },
	{ "iso-8859-8-i", KIND_ICONV, "iso-8859-8", 0 },
	{ "iso-8859-9", KIND_ICONV, NULL, 0 },
	{ "iso-8859-10", KIND_ICONV, NULL, 0 },
	{ "iso-8859-11", KIND_ICONV, NULL, 0 },
	{ "iso-8859-13", KIND_ICONV, NULL, 0 },
	{ "iso-8859-14", KIND_ICONV, NULL, 0 },
	{ "iso-8859-15", KIND_ICONV, NULL, 0 },
	{ "iso-8859-16", KIND_ICONV, NULL, 0 },
	{ "latin2", KIND_ICONV, "iso-8859-2", 0 },
	{ "latin-9", KIND_ICONV, "iso-8859-15", 0 },
	{ "windows-1250", KIND_ICONV, "cp1250", 0 },
	{ "windows-1251", KIND_ICONV, "cp1251", 0 },
	{ "windows-1253", KIND_ICONV, "cp1253", 0 },
	{ "windows-1254", KIND_ICONV, "cp1254", 0 },
	{ "windows-1255", KIND_ICONV, "cp1255", 0 },
	{ "windows-1256", KIND_ICONV, "cp1256", 0 },
	{ "windows-1257", KIND_ICONV, "cp1257", 0 },
	{ "windows-1258", KIND_ICONV, "cp1258", 0 },
	{ "windows-874", KIND_ICONV, "cp874", 0 },
	{ "cp1250", KIND_ICONV, NULL, 0 },
	{ "cp1251", KIND_ICONV, NULL, 0 },
	{ "cp437", KIND_ICONV, NULL, 0 },
	{ "cp850", KIND_ICONV, NULL, 0 },
	{ "cp852", KIND_ICONV, NULL, 0 },
	{ "cp866", KIND_ICONV, NULL, 0 },
	{ "ibm437", KIND_ICONV, "cp437", 0 },
	{ "ibm850", KIND_ICONV, "cp850", 0 },
	{ "ibm852", KIND_ICONV, "cp852", 0 },
	{ "ibm866", KIND_ICONV, "cp866", 0 },
	{ "koi8-r", KIND_ICONV, NULL, 0 },
	{ "koi8-u", KIND_ICONV, NULL, 0 },
	{ "macintosh", KIND_ICONV, NULL, 0 },
	{ "tis-620", KIND_ICONV, NULL, 0 },
	{ "viscii", KIND_ICONV, NULL, 0 },
	{ "gb2312", KIND_ICONV, "gbk", 0 },
	{ "gb_2312-80", KIND_ICONV, "gbk", 0 },
	{ "gbk", KIND_ICONV, NULL, 0 },
	{ "x-gbk", KIND_ICONV, "gbk", 0 },
	{ "cp936", KIND_ICONV, "gbk", 0 },
	{ "gb18030", KIND_ICONV, NULL, 0 },
	{ "big5", KIND_ICONV, NULL, 0 },
	{ "big5-hkscs", KIND_ICONV, NULL, 0 },
	{ "cp950", KIND_ICONV, NULL, 0 },
	{ "euc-cn", KIND_ICONV, NULL, 0 },
	{ "euc-tw", KIND_ICONV, NULL, 0 },
	{ "iso-2022-jp", KIND_SHIFT, NULL, 0 },
	{ "iso-2022-jp-1", KIND_SHIFT, "iso-2022-jp", 0 },
	{ "iso-2022-jp-2", KIND_SHIFT, NULL, 0 },
	{ "shift_jis", KIND_ICONV, "cp932", 0 },
	{ "shift-jis", KIND_ICONV, "cp932", 0 },
	{ "x-sjis", KIND_ICONV, "cp932", 0 },
	{ "windows-31j", KIND_ICONV, "cp932", 0 },
	{ "cp932", KIND_ICONV, NULL, 0 },
	{ "euc-jp", KIND_ICONV, NULL, 0 },
	{ "euc-kr", KIND_ICONV, "cp949", 0 },
	{ "ks_c_5601-1987", KIND_ICONV, "cp949", 0 },
	{ "ksc5601", KIND_ICONV, "cp949", 0 },
	{ "cp949", KIND_ICONV, NULL, 0 },
	{ "iso-2022-kr", KIND_SHIFT, NULL, 0 },
	{ "johab", KIND_ICONV, NULL, 0 },
	{ "utf-7", KIND_SHIFT, NULL, 0 },
	{ "unicode-1-1-utf-7", KIND_SHIFT, "utf-7", 0 },
	{ "utf-16", KIND_ICONV, NULL, 2 },
	{ "utf-16be", KIND_ICONV, NULL, 2 },
	{ "utf-16le", KIND_ICONV, NULL, 2 },
	{ "utf-32", KIND_ICONV, NULL, 4 },
};

struct charset {
	enum kind kind;
	iconv_t iconv;
	size_t unit;
	struct buf held; /* the begin of a character whose end is still to come */
};

/* 0x80 to 0x9f; 0xfffd where it has none. */
static const uint16_t high_1252[32] = { 0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
	0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018,
	0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153,
	0xfffd, 0x017e, 0x0178 };

static const struct row *find(struct slice name)
{
	name = slice_trim(name);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (slice_is_case(name, rows[i].name))
			return &rows[i];
	}
	return NULL;
}

bool charset_known(struct slice name)
{
	return find(name) != NULL;
}

struct charset *charset_open(struct slice name)
{
	const struct row *row = find(name);
	iconv_t iconv = (iconv_t)-1;
	struct charset *c;

	if (!row)
		return NULL;
	if (row->kind >= KIND_ICONV) {
		iconv = iconv_open("UTF-8", row->iconv ? row->iconv : row->name);
		if (iconv == (iconv_t)-1)
			return NULL;
	}
	c = mem_zero(1, sizeof(*c));
	c->kind = row->kind;
	c->iconv = iconv;
	c->unit = row->unit > 0 ? row->unit : 1;
	return c;
}

static void put_1252(unsigned char byte, struct buf *out)
{
	utf8_put(out, byte >= 0x80 && byte < 0xa0 ? high_1252[byte - 0x80] : byte);
}

/* Takes what is UTF-8 and no more; returns how much is left that may become a character. */
static size_t feed_utf8(struct charset *c, struct slice bytes, struct buf *out)
{
	while (bytes.len > 0) {
		size_t run = 0;
		int length = 1;

		while (run < bytes.len && length > 0) {
			if ((unsigned char)bytes.ptr[run] < 0x80) {
				run++;
				continue;
			}
			length = utf8_length(slice_from(bytes, run));
			run += length > 0 ? (size_t)length : 0;
		}
		buf_add(out, bytes.ptr, run);
		slice_skip(&bytes, run);
		if (bytes.len == 0 || length == 0)
			break;
		if (c->kind == KIND_UTF8)
			buf_add_text(out, UTF8_REPLACEMENT);
		else
			put_1252((unsigned char)bytes.ptr[0], out);
		slice_skip(&bytes, 1);
	}
	return bytes.len;
}

static size_t feed_1252(struct slice bytes, struct buf *out)
{
	for (size_t i = 0; i < bytes.len; i++)
		put_1252((unsigned char)bytes.ptr[i], out);
	return 0;
}

/* LIMIT: a character or shift sequence is shorter than this in every charset. */
enum { CHARACTER_MAX = 32 };

/* One call of iconv; in NULL flushes what it keeps itself (combining characters). */
static bool convert(struct charset *c, char **in, size_t *left, struct buf *out)
{
	char *to;
	size_t room;
	size_t got;

	buf_reserve(out, (in ? *left : 0) + 64);
	to = out->ptr + out->len;
	room = out->room - out->len - 1;
	got = iconv(c->iconv, in, left, &to, &room);
	out->len = (size_t)(to - out->ptr);
	out->ptr[out->len] = '\0';
	return got != (size_t)-1;
}

/*
 * Charsets with shift states get one byte at a time, more only when a character needs them:
 * after an error the C library's state depends on where its calls were cut, and so would
 * the text on where ours were.
 */
static size_t feed_iconv(struct charset *c, struct slice bytes, struct buf *out)
{
	char *in = (char *)(uintptr_t)bytes.ptr;
	char *end = in + bytes.len;
	size_t first = c->kind == KIND_SHIFT ? 1 : bytes.len;
	size_t step = first;

	while (in < end) {
		size_t left = step < (size_t)(end - in) ? step : (size_t)(end - in);
		char *before = in;

		if (convert(c, &in, &left, out) || errno == E2BIG || in > before) {
			step = first;
			continue;
		}
		if (errno == EINVAL && left < CHARACTER_MAX) {
			if (left == (size_t)(end - in))
				break;
			step++;
			continue;
		}
		buf_add_text(out, UTF8_REPLACEMENT);
		in += c->unit < (size_t)(end - in) ? c->unit : (size_t)(end - in);
		step = first;
	}
	return (size_t)(end - in);
}

static size_t feed(struct charset *c, struct slice bytes, struct buf *out)
{
	switch (c->kind) {
	case KIND_ICONV:
	case KIND_SHIFT:
		return feed_iconv(c, bytes, out);
	case KIND_1252:
		return feed_1252(bytes, out);
	default:
		return feed_utf8(c, bytes, out);
	}
}

void charset_feed(struct charset *c, struct slice bytes, struct buf *out)
{
	struct slice all = bytes;
	size_t left;

	if (c->held.len > 0) {
		buf_add_slice(&c->held, bytes);
		all = buf_slice(&c->held);
	}
	left = feed(c, all, out);
	if (c->held.len > 0)
		buf_drop(&c->held, c->held.len - left);
	else
		buf_add_slice(&c->held, slice_from(all, all.len - left));
}

void charset_finish(struct charset *c, struct buf *out)
{
	if (c->kind >= KIND_ICONV)
		convert(c, NULL, NULL, out);
	if (c->held.len > 0 && c->kind == KIND_ASCII)
		feed_1252(buf_slice(&c->held), out);
	else if (c->held.len > 0)
		buf_add_text(out, UTF8_REPLACEMENT);
	buf_clear(&c->held);
}

void charset_close(struct charset *c)
{
	if (!c)
		return;
	if (c->kind >= KIND_ICONV)
		iconv_close(c->iconv);
	buf_free(&c->held);
	free(c);
}

bool charset_to_utf8(struct slice name, struct slice bytes, struct buf *out)
{
	struct charset *c = charset_open(name);

	if (!c)
		return false;
	charset_feed(c, bytes, out);
	charset_finish(c, out);
	charset_close(c);
	return true;
}
