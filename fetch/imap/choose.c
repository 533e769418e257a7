/*
 * The SEARCH of an account: see choose.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/choose.h"

#include "common/base/calendar.h"

/* LIMIT: a literal that LITERAL- lets go without waiting (RFC 7888 section 5). */
enum { LITERAL_MINUS_MAX = 4096 };

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

/* date = date-day "-" date-month "-" date-year */
static void put_date(struct buf *out, int64_t when)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct calendar c;

	calendar_split(when, &c);
	buf_addf(out, "%d-%.3s-%04lld", c.day, months + 3 * (c.month - 1), (long long)c.year);
}

/* A quoted string is taken off *in, without its quotes. */
static void unquote(struct slice *in, struct buf *out)
{
	slice_skip(in, 1);
	while (in->len && in->ptr[0] != '"') {
		if (in->ptr[0] == '\\' && in->len > 1)
			slice_skip(in, 1);
		buf_add_byte(out, in->ptr[0]);
		slice_skip(in, 1);
	}
	if (in->len)
		slice_skip(in, 1);
}

static void put_literal(struct slice text, bool waits, struct buf *line, struct strings *pieces)
{
	waits |= text.len > LITERAL_MINUS_MAX;
	buf_addf(line, "{%zu%s}%s", text.len, waits ? "" : "+", waits ? "" : "\r\n");
	if (waits) {
		strings_add(pieces, buf_slice(line));
		buf_clear(line);
	}
	buf_add_slice(line, text);
}

/* Quoted text is 7-bit (RFC 3501 section 9): what is not becomes a literal. */
static void put_keys(struct slice in, const struct choose_way *way, struct buf *line,
	struct strings *pieces)
{
	while (in.len) {
		struct slice before = in;
		AUTO_BUF text = { 0 };

		if (in.ptr[0] != '"') {
			buf_add_byte(line, in.ptr[0]);
			slice_skip(&in, 1);
			continue;
		}
		unquote(&in, &text);
		if (way->utf8 || is_ascii(buf_slice(&text)))
			buf_add_slice(line, slice_first(before, before.len - in.len));
		else
			put_literal(buf_slice(&text), !way->literals, line, pieces);
	}
}

void choose_search(const struct choice *c, const struct choose_way *way, uint32_t from,
	int64_t now, struct strings *pieces)
{
	struct slice keys = slice_trim(slice_text(c->search));
	AUTO_BUF line = { 0 };
	int64_t day;

	buf_add_text(&line, "UID SEARCH ");
	if (way->esearch)
		buf_add_text(&line, "RETURN (ALL) ");
	if (!way->utf8 && !is_ascii(keys))
		buf_add_text(&line, "CHARSET UTF-8 ");
	buf_addf(&line, "UID %u:* UNDELETED", from);
	if (c->unseen)
		buf_add_text(&line, " UNSEEN");
	if (choice_since(c, now, &day)) {
		buf_add_text(&line, " SINCE ");
		put_date(&line, day);
	}
	if (keys.len) {
		buf_add_text(&line, " (");
		put_keys(keys, way, &line, pieces);
		buf_add_byte(&line, ')');
	}
	strings_add(pieces, buf_slice(&line));
}
