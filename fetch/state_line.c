/*
 * Lines of an exported state: see state_line.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/state_line.h"

#include "fetch/imap/uidset.h"

static const char *const kinds[] = { [SOURCE_ROW_FOLDER] = "folder", [SOURCE_ROW_ITEM] = "item",
	[SOURCE_ROW_LETTER] = "letter", [SOURCE_ROW_PAUSE] = "pause" };
static const char *const marks[] = { [SOURCE_KEPT] = "kept", [SOURCE_LEAVING] = "leaving",
	[SOURCE_HEADED] = "headed" };

/* LIMIT: bytes of a place, of an item: servers' names are far below. */
enum { WORD_MAX = 64 * 1024 };

void state_line_free(struct state_line *l)
{
	buf_free(&l->place);
	buf_free(&l->item);
}

/* ---- writing ---- */

static void put_word(struct buf *out, struct slice word)
{
	buf_add_byte(out, ' ');
	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = (unsigned char)word.ptr[i];

		if (c <= ' ' || c == '%' || c == 0x7f)
			buf_addf(out, "%%%02X", c);
		else
			buf_add_byte(out, (char)c);
	}
}

void state_line_put(struct buf *out, const struct source_row *row)
{
	buf_add_text(out, kinds[row->kind]);
	put_word(out, row->place);
	if (row->kind == SOURCE_ROW_FOLDER) {
		buf_addf(out, " %llu", (unsigned long long)row->validity);
		put_word(out, row->kept.len ? row->kept : SLICE("-"));
		put_word(out, row->leaving.len ? row->leaving : SLICE("-"));
	} else {
		put_word(out, row->item);
	}
	if (row->kind == SOURCE_ROW_ITEM)
		buf_addf(out, " %s", marks[row->mark]);
	if (row->kind == SOURCE_ROW_LETTER)
		buf_addf(out, " %lld %016llx %llu", (long long)row->at,
			(unsigned long long)row->digest, (unsigned long long)row->size);
	if (row->kind == SOURCE_ROW_PAUSE)
		buf_addf(out, " %lld %lld", (long long)row->tries, (long long)row->until);
	buf_add_byte(out, '\n');
}

/* ---- reading ---- */

/* word = 1*( %x21-24 / %x26-7E / %x80-FF / "%" 2HEXDIG ) */
static bool take_word(struct slice *text, struct buf *out)
{
	struct slice word;

	buf_clear(out);
	if (!slice_cut(text, ' ', &word) || word.len == 0 || word.len > WORD_MAX)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = (unsigned char)word.ptr[i];
		int high, low;

		if (c <= ' ' || c == 0x7f)
			return false;
		if (c != '%') {
			buf_add_byte(out, (char)c);
			continue;
		}
		if (word.len - i < 3)
			return false;
		high = slice_hex_digit(word.ptr[i + 1]);
		low = slice_hex_digit(word.ptr[i + 2]);
		if (high < 0 || low < 0)
			return false;
		buf_add_byte(out, (char)(high * 16 + low));
		i += 2;
	}
	return slice_find_byte(buf_slice(out), '\0') < 0;
}

static bool take_number(struct slice *text, uint64_t *out)
{
	struct slice word;

	return slice_cut(text, ' ', &word) && slice_number(word, out) && *out <= INT64_MAX;
}

static bool take_time(struct slice *text, int64_t *out)
{
	uint64_t number;
	bool good = take_number(text, &number);

	*out = good ? (int64_t)number : 0;
	return good;
}

static bool take_set(struct slice *text, struct slice *out)
{
	AUTO_UIDSET set = { 0 };
	bool good;

	if (!slice_cut(text, ' ', out))
		return false;
	good = slice_is(*out, "-") || uidset_read(*out, &set);
	if (slice_is(*out, "-"))
		*out = (struct slice){ "", 0 };
	return good;
}

static bool take_digest(struct slice *text, uint64_t *out)
{
	struct slice word;

	*out = 0;
	if (!slice_cut(text, ' ', &word) || word.len != 16)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (slice_hex_digit(word.ptr[i]) < 0)
			return false;
		*out = *out << 4 | (unsigned)slice_hex_digit(word.ptr[i]);
	}
	return true;
}

static bool take_mark(struct slice *text, enum source_mark *out)
{
	struct slice word;

	if (!slice_cut(text, ' ', &word))
		return false;
	for (int i = SOURCE_KEPT; i <= SOURCE_HEADED; i++) {
		*out = (enum source_mark)i;
		if (slice_is(word, marks[i]))
			return true;
	}
	return false;
}

static bool take_rest(struct slice *text, struct state_line *l)
{
	struct source_row *row = &l->row;

	if (!take_word(text, &l->place))
		return false;
	row->place = buf_slice(&l->place);
	if (!slice_starts(row->place, "imap/") && !slice_starts(row->place, "pop3/"))
		return false;
	if (row->kind == SOURCE_ROW_FOLDER)
		return take_number(text, &row->validity) && row->validity > 0 &&
			take_set(text, &row->kept) && take_set(text, &row->leaving);
	if (!take_word(text, &l->item))
		return false;
	row->item = buf_slice(&l->item);
	if (row->kind == SOURCE_ROW_ITEM)
		return take_mark(text, &row->mark);
	if (row->kind == SOURCE_ROW_LETTER)
		return take_time(text, &row->at) && take_digest(text, &row->digest) &&
			take_number(text, &row->size);
	return take_time(text, &row->tries) && take_time(text, &row->until);
}

static int malformed(struct slice text, struct fault *why)
{
	return fault_set(why, FAULT_DATA, "it is no line of an exported state: \"%.*s\"",
		(int)(text.len < 80 ? text.len : 80), text.ptr);
}

int state_line_read(struct slice text, struct state_line *out, struct fault *why)
{
	const struct slice whole = text;
	struct slice word;

	out->row = (struct source_row){ 0 };
	out->kind = STATE_LINE_COMMENT;
	if (slice_starts(text, "#"))
		return 0;
	out->kind = STATE_LINE_FIRST;
	if (slice_is(text, STATE_FIRST_LINE))
		return 0;
	if (slice_starts(text, "mailrail-state "))
		return fault_set(why, FAULT_DATA,
			"it is of another version of mailrail: this one reads version 1");
	if (!slice_cut(&text, ' ', &word))
		return malformed(whole, why);
	out->kind = STATE_LINE_END;
	if (slice_is(word, "end"))
		return take_number(&text, &out->count) && text.len == 0 ? 0 : malformed(whole, why);
	out->kind = STATE_LINE_ROW;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		out->row.kind = (enum source_row_kind)i;
		if (slice_is(word, kinds[i]))
			return take_rest(&text, out) && text.len == 0 ? 0 : malformed(whole, why);
	}
	return malformed(whole, why);
}
