/*
 * i;unicode-casemap: see casemap.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/unicode/casemap.h"

#include "common/base/utf8.h"
#include "filter/unicode/casemap_table.h"

/* The Unicode Standard, section 3.12: syllables are made of jamos by arithmetic. */
enum {
	HANGUL_FIRST = 0xac00, HANGUL_COUNT = 11172, JAMO_LEAD = 0x1100, JAMO_VOWEL = 0x1161,
	JAMO_TAIL = 0x11a7, VOWEL_COUNT = 21, TAIL_COUNT = 28,
};

static void put_hangul(struct buf *out, uint32_t syllable)
{
	utf8_put(out, JAMO_LEAD + syllable / (VOWEL_COUNT * TAIL_COUNT));
	utf8_put(out, JAMO_VOWEL + syllable / TAIL_COUNT % VOWEL_COUNT);
	if (syllable % TAIL_COUNT != 0)
		utf8_put(out, JAMO_TAIL + syllable % TAIL_COUNT);
}

static const struct casemap_row *find_row(uint32_t c)
{
	size_t low = 0;
	size_t high = casemap_row_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (casemap_rows[middle].from == c)
			return &casemap_rows[middle];
		if (casemap_rows[middle].from < c)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Takes the character at the front, of valid UTF-8; its length. */
static size_t fold_one(struct buf *out, struct slice in)
{
	char byte = in.ptr[0];
	const struct casemap_row *row;
	uint32_t c;
	int length;

	if (!((unsigned char)byte & 0x80)) {
		buf_add_byte(out, byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte);
		return 1;
	}
	length = utf8_length(in);
	c = utf8_value(in, length);
	row = find_row(c);
	if (row)
		buf_add(out, casemap_bytes + row->at, row->len);
	else if (c >= HANGUL_FIRST && c - HANGUL_FIRST < HANGUL_COUNT)
		put_hangul(out, c - HANGUL_FIRST);
	else
		buf_add(out, in.ptr, (size_t)length);
	return (size_t)length;
}

static bool is_ascii(struct slice text)
{
	unsigned char all = 0;

	for (size_t i = 0; i < text.len; i++)
		all |= (unsigned char)text.ptr[i];
	return all < 0x80;
}

void casemap_fold(struct buf *out, struct slice text)
{
	if (is_ascii(text)) {
		match_fold(out, text);
		return;
	}
	if (!utf8_valid(text)) {
		buf_add_slice(out, text);
		return;
	}
	while (text.len > 0)
		slice_skip(&text, fold_one(out, text));
}

static bool is_special(char c)
{
	return c == '*' || c == '?' || c == '\\';
}

static void fold_glob_one(struct buf *out, struct slice *key)
{
	AUTO_BUF one = { 0 };
	size_t taken = fold_one(&one, *key);

	for (size_t i = 0; i < one.len; i++) {
		if (is_special(one.ptr[i]) && taken > 1)
			buf_add_byte(out, '\\');
		buf_add_byte(out, one.ptr[i]);
	}
	slice_skip(key, taken);
}

void casemap_fold_glob(struct buf *out, struct slice key)
{
	if (!utf8_valid(key)) {
		buf_add_slice(out, key);
		return;
	}
	while (key.len > 0) {
		if (key.ptr[0] == '\\' && key.len > 1) {
			/* Only a wildcard needs its backslash. */
			slice_skip(&key, 1);
			if (is_special(key.ptr[0])) {
				buf_add_byte(out, '\\');
				buf_add_byte(out, key.ptr[0]);
				slice_skip(&key, 1);
				continue;
			}
		}
		fold_glob_one(out, &key);
	}
}

size_t casemap_unfinished(struct slice text)
{
	for (size_t back = 1; back <= 3 && back <= text.len; back++) {
		unsigned char c = (unsigned char)text.ptr[text.len - back];

		if (c < 0x80)
			return 0;
		if (c >= 0xc0)
			return utf8_length(slice_from(text, text.len - back)) == 0 ? back : 0;
	}
	return 0;
}

/* ---- :matches ---- */

struct walk {
	struct slice folded;
	uint32_t *source; /* of each byte of `folded`, and of its end: where its character begins */
	bool *begins;     /* a character of the value begins here */
	size_t at;
	size_t budget;    /* bytes that may still be compared */
	struct captures *out;
};

/* LIMIT: bytes compared for one value and key; a second's work at most. */
enum { GLOB_BUDGET = 200000000 };

/* The value made ready, with the way back. */
static void prepare(struct walk *w, struct slice value, struct buf *folded)
{
	bool valid = utf8_valid(value);
	size_t room = 0;

	for (size_t at = 0; at < value.len;) {
		size_t from = folded->len;
		size_t taken = 1;

		if (valid)
			taken = fold_one(folded, slice_from(value, at));
		else
			buf_add_byte(folded, value.ptr[at]);
		if (folded->len + 1 > room) {
			room = folded->len * 2 + 64;
			w->source = mem_grow(w->source, room, sizeof(*w->source));
			w->begins = mem_grow(w->begins, room, sizeof(*w->begins));
		}
		for (size_t i = from; i < folded->len; i++) {
			w->source[i] = (uint32_t)at;
			w->begins[i] = i == from;
		}
		at += taken;
	}
	w->source = mem_grow(w->source, folded->len + 1, sizeof(*w->source));
	w->begins = mem_grow(w->begins, folded->len + 1, sizeof(*w->begins));
	w->source[folded->len] = (uint32_t)value.len;
	w->begins[folded->len] = true;
	w->folded = buf_slice(folded);
}

static size_t next_begin(const struct walk *w, size_t at)
{
	do {
		at++;
	} while (!w->begins[at]);
	return at;
}

static void capture(struct walk *w, size_t from, size_t to)
{
	if (!w->out || w->out->count >= CAPTURE_MAX)
		return;
	while (to > from && !w->begins[to])
		to++;
	w->out->at[w->out->count].from = w->source[from];
	w->out->at[w->out->count].to = from == to ? w->source[from] : w->source[to];
	w->out->count++;
}

/* The key up to a bare star. */
static size_t measure(struct slice key)
{
	size_t i = 0;

	while (i < key.len && key.ptr[i] != '*')
		i += key.ptr[i] == '\\' && i + 1 < key.len ? 2 : 1;
	return i;
}

/* Where the segment ends that begins here, or -1; with `keep` its questions are captured. */
static ptrdiff_t stands_at(struct walk *w, struct slice segment, size_t at, bool keep)
{
	for (size_t i = 0; i < segment.len; i++) {
		char c = segment.ptr[i];

		w->budget -= w->budget > 0;
		if (at >= w->folded.len)
			return -1;
		if (c == '?') {
			size_t from = at;

			at = next_begin(w, at);
			if (keep)
				capture(w, from, at);
			continue;
		}
		if (c == '\\' && i + 1 < segment.len)
			c = segment.ptr[++i];
		if (w->folded.ptr[at++] != c)
			return -1;
	}
	return (ptrdiff_t)at;
}

/*
 * Takes the segment behind a star, at the first place where it stands; the last one must
 * end the value. A later place never ends earlier, so that no other needs to be tried.
 */
static int after_star(struct walk *w, struct slice segment, bool last)
{
	for (size_t from = w->at; from <= w->folded.len; from++) {
		ptrdiff_t to = stands_at(w, segment, from, false);

		if (w->budget == 0)
			return -1;
		if (to < 0 || (last && (size_t)to != w->folded.len))
			continue;
		capture(w, w->at, from);
		w->at = (size_t)stands_at(w, segment, from, true);
		return 1;
	}
	return 0;
}

static int match(struct walk *w, struct slice key)
{
	struct slice segment = slice_first(key, measure(key));
	ptrdiff_t to;

	capture(w, 0, w->folded.len);
	to = stands_at(w, segment, 0, true);
	if (to < 0)
		return 0;
	w->at = (size_t)to;
	slice_skip(&key, segment.len);
	while (key.len > 0) {
		int got;

		slice_skip(&key, 1);
		segment = slice_first(key, measure(key));
		/* A star at the end takes all that is left. */
		if (key.len == 0) {
			capture(w, w->at, w->folded.len);
			w->at = w->folded.len;
			break;
		}
		got = after_star(w, segment, segment.len == key.len);
		if (got <= 0)
			return got;
		slice_skip(&key, segment.len);
	}
	return w->at == w->folded.len;
}

int casemap_glob(struct slice value, struct slice key, struct captures *out)
{
	struct walk w = { .budget = GLOB_BUDGET, .out = out };
	AUTO_BUF folded = { 0 };
	int got;

	if (out)
		out->count = 0;
	prepare(&w, value, &folded);
	got = match(&w, key);
	free(w.source);
	free(w.begins);
	return got;
}
