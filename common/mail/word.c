/*
 * RFC 2047: see word.h and LENIENT.md.
 *
 *	word     = "=?" charset [ "*" language ] "?" ( "B" / "Q" ) "?" text "?="
 *	text     = *OCTET      ; holds no "?=" and no "=?"
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/word.h"

#include "common/base/utf8.h"
#include "common/mail/transfer.h"

/* LIMIT: charset and language together; a word goes to 75 characters in all. */
enum { CHARSET_MAX = 75 };

/* LIMIT: RFC 2047 section 2 has 75, and 76 for a line, which begins with the field's name. */
enum { WORD_MAX = 64, WORD_FRAME = 12, WORD_TEXT_MAX = WORD_MAX - WORD_FRAME };

struct word {
	struct slice charset;
	struct slice text;
	bool base64;
	size_t end; /* in the whole text */
};

/* LIMIT: converters kept open for words to come; opening one costs a hundred words. */
enum { OPEN_MAX = 4 };

struct decoder {
	struct slice text;
	size_t next_close; /* the first "?=" at or behind where it was last asked for */
	size_t next_open;  /* likewise "=?" */
	struct slice charset; /* of the words in `bytes` */
	struct buf bytes;  /* decoded and not yet converted */
	bool after_word;
	struct {
		struct slice name;
		struct charset *charset;
	} open[OPEN_MAX];
	size_t oldest; /* the place in `open` that is used next */
	struct buf *out;
};

/*
 * Where `two` stands first at or behind `from` (> 0): each part of the text is searched once,
 * for *known, 0 at first, is asked for places that only grow.
 */
static size_t next_at(struct slice text, size_t from, struct slice two, size_t *known)
{
	ptrdiff_t at;

	if (*known >= from)
		return *known;
	at = slice_find(slice_from(text, from), two);
	*known = at < 0 ? text.len : from + (size_t)at;
	return *known;
}

/* The encoded word at `from`; false when there is none. */
static bool parse_word(struct decoder *d, size_t from, struct word *out)
{
	struct slice rest = slice_from(d->text, from + 2);
	size_t len = 0;
	size_t begin, close, open;
	ptrdiff_t star;

	while (len < rest.len && len < CHARSET_MAX && rest.ptr[len] != '?')
		len++;
	if (len + 2 >= rest.len || rest.ptr[len] != '?' || rest.ptr[len + 2] != '?' ||
	    !memchr("bBqQ", rest.ptr[len + 1], 4))
		return false;
	out->charset = slice_first(rest, len);
	star = slice_find_byte(out->charset, '*');
	if (star >= 0)
		out->charset.len = (size_t)star;
	out->base64 = rest.ptr[len + 1] == 'b' || rest.ptr[len + 1] == 'B';
	begin = from + 2 + len + 3;
	close = next_at(d->text, begin, SLICE("?="), &d->next_close);
	open = next_at(d->text, begin, SLICE("=?"), &d->next_open);
	if (close == d->text.len || open + 1 < close || out->charset.len == 0)
		return false;
	out->text = slice_first(slice_from(d->text, begin), close - begin);
	out->end = close + 2;
	return charset_known(out->charset);
}

/* Section 4.2; "=" without two hex digits stays as it stands. */
static void decode_q(struct slice text, struct buf *out)
{
	while (text.len > 0) {
		int high = text.len > 2 ? slice_hex_digit(text.ptr[1]) : -1;
		int low = text.len > 2 ? slice_hex_digit(text.ptr[2]) : -1;

		if (text.ptr[0] == '=' && high >= 0 && low >= 0) {
			buf_add_byte(out, (char)(high << 4 | low));
			slice_skip(&text, 3);
			continue;
		}
		buf_add_byte(out, text.ptr[0] == '_' ? ' ' : text.ptr[0]);
		slice_skip(&text, 1);
	}
}

void word_clean(struct slice text, struct buf *out)
{
	AUTO_BUF utf8 = { 0 };

	charset_to_utf8(SLICE("us-ascii"), text, &utf8);
	buf_reserve(out, utf8.len);
	for (size_t i = 0; i < utf8.len; i++) {
		char byte = utf8.ptr[i];

		if (byte == '\0' || byte == '\r' || byte == '\n')
			buf_add_text(out, UTF8_REPLACEMENT);
		else
			buf_add_byte(out, byte);
	}
}

/* The converter of the words in `bytes`; NULL when this system has none. */
static struct charset *converter(struct decoder *d)
{
	size_t at = d->oldest;

	for (size_t i = 0; i < OPEN_MAX; i++) {
		if (d->open[i].charset && slice_equal_case(d->open[i].name, d->charset))
			return d->open[i].charset;
	}
	charset_close(d->open[at].charset);
	d->open[at].name = d->charset;
	d->open[at].charset = charset_open(d->charset);
	d->oldest = (at + 1) % OPEN_MAX;
	return d->open[at].charset;
}

/* Converts the words gathered so far. */
static void flush(struct decoder *d)
{
	AUTO_BUF utf8 = { 0 };
	struct charset *c;

	if (d->bytes.len > 0 && (c = converter(d))) {
		charset_feed(c, buf_slice(&d->bytes), &utf8);
		charset_finish(c, &utf8);
		word_clean(buf_slice(&utf8), d->out);
	} else {
		/* A system without its conversion tables: ASCII at least is not lost. */
		word_clean(buf_slice(&d->bytes), d->out);
	}
	buf_clear(&d->bytes);
}

/* Text between words; blanks alone between two words are left out before it comes here. */
static void plain(struct decoder *d, struct slice text)
{
	if (text.len == 0)
		return;
	flush(d);
	word_clean(text, d->out);
	d->after_word = false;
}

static bool take_word(struct decoder *d, struct slice before, const struct word *w)
{
	AUTO_BUF bytes = { 0 };

	if (!w->base64)
		decode_q(w->text, &bytes);
	else if (!word_base64_decode(w->text, &bytes))
		return false;
	if (!d->after_word || slice_trim(before).len > 0)
		plain(d, before);
	if (!slice_equal_case(d->charset, w->charset))
		flush(d);
	d->charset = w->charset;
	d->after_word = true;
	buf_add_slice(&d->bytes, buf_slice(&bytes));
	return true;
}

void word_decode(struct slice unfolded, struct buf *out)
{
	struct decoder d = { .text = unfolded, .out = out };
	size_t done = 0;
	size_t from = 0;
	ptrdiff_t next;

	while ((next = slice_find(slice_from(unfolded, from), SLICE("=?"))) >= 0) {
		size_t at = from + (size_t)next;
		struct word w;

		from = at + 2;
		if (!parse_word(&d, at, &w))
			continue;
		if (take_word(&d, slice_first(slice_from(unfolded, done), at - done), &w))
			done = w.end;
		from = w.end;
	}
	plain(&d, slice_from(unfolded, done));
	flush(&d);
	for (size_t i = 0; i < OPEN_MAX; i++)
		charset_close(d.open[i].charset);
	buf_free(&d.bytes);
}

/* ---- encoding ---- */

static bool is_plain(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < 32 || text.ptr[i] > 126)
			return false;
	}
	return slice_find(text, SLICE("=?")) < 0;
}

/* What needs no encoding in Q wherever the word stands (section 5 (3)). */
static bool is_q_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '!' || c == '*' || c == '+' || c == '-' || c == '/';
}

static size_t q_length(struct slice text)
{
	size_t length = 0;

	for (size_t i = 0; i < text.len; i++)
		length += is_q_byte(text.ptr[i]) || text.ptr[i] == ' ' ? 1 : 3;
	return length;
}

static size_t b_length(struct slice text)
{
	return (text.len + 2) / 3 * 4;
}

static void put_word(struct slice text, bool base64, struct buf *out)
{
	buf_add_text(out, base64 ? "=?UTF-8?B?" : "=?UTF-8?Q?");
	if (base64)
		word_base64_encode(text, out);
	for (size_t i = 0; !base64 && i < text.len; i++) {
		if (text.ptr[i] == ' ')
			buf_add_byte(out, '_');
		else if (is_q_byte(text.ptr[i]))
			buf_add_byte(out, text.ptr[i]);
		else
			buf_addf(out, "=%02X", (unsigned)(unsigned char)text.ptr[i]);
	}
	buf_add_text(out, "?=");
}

void word_encode_always(struct slice utf8, struct buf *out)
{
	AUTO_BUF clean = { 0 };
	struct slice rest;
	bool base64;

	charset_to_utf8(SLICE("utf-8"), utf8, &clean);
	rest = buf_slice(&clean);
	/* Q can be read by people: it may cost a third more. */
	base64 = q_length(rest) > b_length(rest) + b_length(rest) / 3;
	for (bool first = true; rest.len > 0; first = false) {
		size_t len = 0;

		while (len < rest.len) {
			size_t longer = len + (size_t)utf8_length(slice_from(rest, len));
			struct slice text = slice_first(rest, longer);

			if ((base64 ? b_length(text) : q_length(text)) > WORD_TEXT_MAX)
				break;
			len = longer;
		}
		if (!first)
			buf_add_text(out, "\n ");
		put_word(slice_first(rest, len), base64, out);
		slice_skip(&rest, len);
	}
}

void word_encode(struct slice utf8, struct buf *out)
{
	if (is_plain(utf8))
		buf_add_slice(out, utf8);
	else
		word_encode_always(utf8, out);
}

/* ---- base64 ---- */

bool word_base64_decode(struct slice text, struct buf *out)
{
	struct transfer t = { .kind = TRANSFER_BASE64 };
	size_t digits = 0;
	size_t len = 0;
	bool padded = false;
	bool good = true;

	for (; len < text.len && good; len++) {
		char c = text.ptr[len];

		if (c == '=')
			padded = true;
		else if (transfer_base64_digit(c) >= 0)
			good = !padded;
		else
			good = c == ' ' || c == '\t' || c == '\r' || c == '\n';
		digits += good && !padded && transfer_base64_digit(c) >= 0;
	}
	transfer_decode(&t, slice_first(text, good ? len : len - 1), out);
	transfer_finish(&t, out);
	return good && digits % 4 != 1;
}

void word_base64_encode(struct slice bytes, struct buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	while (bytes.len > 0) {
		size_t len = bytes.len < 3 ? bytes.len : 3;
		uint32_t bits = 0;

		for (size_t i = 0; i < 3; i++)
			bits = bits << 8 | (i < len ? (unsigned char)bytes.ptr[i] : 0);
		for (size_t i = 0; i < 4; i++)
			buf_add_byte(out, i > len ? '=' : digits[bits >> (18 - 6 * i) & 63]);
		slice_skip(&bytes, len);
	}
}
