/*
 * A header field that a rule adds: see field.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/edit/field.h"

#include "common/mail/word.h"

enum {
	LINE_WISH = 78,    /* RFC 5322 section 2.1.1: SHOULD */
	ENCODED_WISH = 76, /* RFC 2047 section 2: a line with an encoded word */
	LINE_MOST = 998,   /* MUST */
	WORD_MOST = 900,   /* LIMIT: a longer word is encoded, for encoded words can be cut */
	BLANKS_MOST = 60,  /* LIMIT: blanks between two words; more become one */
};

bool field_is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' || name.ptr[i] == ':')
			return false;
	}
	return name.len > 0 && name.len <= FIELD_NAME_MAX;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool has_line_end(struct slice blanks)
{
	return slice_find_byte(blanks, '\n') >= 0 || slice_find_byte(blanks, '\r') >= 0;
}

/* One line: a line end, with the blanks around it, is one space. */
static void flatten(struct slice value, struct buf *out)
{
	for (size_t i = 0; i < value.len; i++) {
		size_t end = i;

		while (end < value.len && (is_blank(value.ptr[end]) || value.ptr[end] == '\r' ||
						  value.ptr[end] == '\n'))
			end++;
		if (end == i && value.ptr[i] == '\0')
			buf_add_text(out, "\xef\xbf\xbd"); /* no header may hold one */
		else if (end == i)
			buf_add_byte(out, value.ptr[i]);
		else if (has_line_end(slice_of(value.ptr + i, end - i)) || end - i > BLANKS_MOST)
			buf_add_byte(out, ' ');
		else
			buf_add(out, value.ptr + i, end - i);
		i = end > i ? end - 1 : i;
	}
}

/* Takes the blanks at the front. */
static struct slice take_blanks(struct slice *rest)
{
	size_t len = 0;

	while (len < rest->len && is_blank(rest->ptr[len]))
		len++;
	*rest = slice_from(*rest, len);
	return slice_of(rest->ptr - len, len);
}

/* What looks like an encoded word is none, for values are text: it must be encoded, too. */
static struct slice take_word(struct slice *rest, bool *plain)
{
	size_t len = 0;

	*plain = true;
	for (; len < rest->len && !is_blank(rest->ptr[len]); len++)
		*plain = *plain && rest->ptr[len] > ' ' && rest->ptr[len] <= '~';
	*plain = *plain && len <= WORD_MOST &&
		slice_find(slice_first(*rest, len), SLICE("=?")) < 0;
	*rest = slice_from(*rest, len);
	return slice_of(rest->ptr - len, len);
}

/* Words that must be encoded, one behind the other: blanks between them are part of it. */
static struct slice take_run(struct slice *rest, bool *plain)
{
	struct slice run = take_word(rest, plain);

	while (!*plain) {
		struct slice ahead = *rest;
		bool next_plain;
		struct slice word;

		take_blanks(&ahead);
		word = take_word(&ahead, &next_plain);
		if (word.len == 0 || next_plain)
			break;
		*rest = ahead;
		run.len = (size_t)(ahead.ptr - run.ptr);
	}
	return run;
}

struct line {
	struct buf *out;
	size_t begin; /* of the line in *out */
};

static void put_piece(struct line *line, struct slice blanks, struct slice text, size_t wish)
{
	if (line->out->len - line->begin + blanks.len + text.len > wish) {
		buf_add_byte(line->out, '\n');
		line->begin = line->out->len;
	}
	buf_add_slice(line->out, blanks);
	buf_add_slice(line->out, text);
}

static void put_encoded(struct line *line, struct slice blanks, struct slice run)
{
	AUTO_BUF words = { 0 };
	struct slice rest;

	word_encode_always(run, &words);
	rest = buf_slice(&words);
	while (rest.len > 0) {
		ptrdiff_t lf = slice_find_byte(rest, '\n');
		struct slice word = lf < 0 ? rest : slice_first(rest, (size_t)lf);

		put_piece(line, blanks, word, ENCODED_WISH);
		slice_skip(&rest, word.len);
		if (rest.len > 0)
			slice_skip(&rest, 1);
		blanks = take_blanks(&rest);
	}
}

bool field_put(struct buf *out, struct slice name, struct slice value)
{
	struct line line = { .out = out, .begin = out->len };
	const size_t from = out->len;
	AUTO_BUF flat = { 0 };
	struct slice blanks = SLICE(" ");
	struct slice rest;

	if (value.len > FIELD_MAX)
		return false;
	flatten(value, &flat);
	rest = slice_trim(buf_slice(&flat));
	buf_add_slice(out, name);
	buf_add_byte(out, ':');
	while (rest.len > 0) {
		bool plain;
		struct slice run = take_run(&rest, &plain);

		if (plain)
			put_piece(&line, blanks, run,
				line.out->len - line.begin == name.len + 1 ? LINE_MOST : LINE_WISH);
		else
			put_encoded(&line, blanks, run);
		blanks = take_blanks(&rest);
	}
	return out->len - from <= FIELD_MAX;
}
