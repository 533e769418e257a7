/*
 * Comparing one value with one key: see match.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/match.h"

int match_comparator(struct slice name, enum comparator *out)
{
	static const char *const names[] = {
		[COMPARE_CASEMAP] = "i;ascii-casemap",
		[COMPARE_OCTET] = "i;octet",
		[COMPARE_NUMERIC] = "i;ascii-numeric",
		[COMPARE_UNICODE] = "i;unicode-casemap",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (slice_is(name, names[i])) {
			*out = (enum comparator)i;
			return 0;
		}
	}
	return -1;
}

void match_fold(struct buf *out, struct slice text)
{
	char *to;

	buf_reserve(out, text.len);
	to = out->ptr + out->len;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		to[i] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
	}
	to[text.len] = '\0';
	out->len += text.len;
}

static int order_bytes(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* The digits at the front without leading zeros; false: no number, hence infinite. */
static bool take_digits(struct slice text, struct slice *out)
{
	size_t len = 0;

	while (len < text.len && text.ptr[len] >= '0' && text.ptr[len] <= '9')
		len++;
	*out = slice_first(text, len);
	while (out->len > 1 && out->ptr[0] == '0')
		slice_skip(out, 1);
	return len > 0;
}

static int order_numbers(struct slice a, struct slice b)
{
	struct slice first, second;
	bool has_first = take_digits(a, &first);
	bool has_second = take_digits(b, &second);

	if (!has_first || !has_second)
		return (int)has_second - (int)has_first;
	if (first.len != second.len)
		return first.len < second.len ? -1 : 1;
	return order_bytes(first, second);
}

int match_order(enum comparator comparator, struct slice a, struct slice b)
{
	return comparator == COMPARE_NUMERIC ? order_numbers(a, b) : order_bytes(a, b);
}

bool match_relation(enum relation relation, int order)
{
	switch (relation) {
	case RELATION_GT:
		return order > 0;
	case RELATION_GE:
		return order >= 0;
	case RELATION_LT:
		return order < 0;
	case RELATION_LE:
		return order <= 0;
	case RELATION_EQ:
		return order == 0;
	case RELATION_NE:
		break;
	}
	return order != 0;
}

/*
 * A key is segments parted by stars. Since a star takes as little as it can, each segment
 * but the last is looked for from the left, the last must end the value: no backtracking.
 */
struct glob {
	struct slice value;
	struct slice key;
	size_t at;     /* in the value */
	size_t budget; /* bytes that may still be compared */
	struct captures *out;
};

/* LIMIT: bytes compared for one value and key; a second's work at most. */
enum { GLOB_BUDGET = 200000000 };

static void capture(struct glob *g, size_t from, size_t to)
{
	if (!g->out || g->out->count >= CAPTURE_MAX)
		return;
	g->out->at[g->out->count].from = from;
	g->out->at[g->out->count].to = to;
	g->out->count++;
}

/* Length of the segment in the key up to a bare star, and how many bytes it matches. */
static size_t measure(struct slice key, size_t *bytes)
{
	size_t i = 0;

	*bytes = 0;
	while (i < key.len && key.ptr[i] != '*') {
		if (key.ptr[i] == '\\' && i + 1 < key.len)
			i++;
		i++;
		(*bytes)++;
	}
	return i;
}

/* Does the segment stand at this place? The value is long enough. */
static bool stands_at(struct glob *g, struct slice segment, size_t at)
{
	for (size_t i = 0; i < segment.len; i++, at++) {
		char c = segment.ptr[i];

		g->budget -= g->budget > 0;
		if (c == '?')
			continue;
		if (c == '\\' && i + 1 < segment.len)
			c = segment.ptr[++i];
		if (g->value.ptr[at] != c)
			return false;
	}
	return true;
}

static void capture_questions(struct glob *g, struct slice segment, size_t at)
{
	for (size_t i = 0; i < segment.len; i++, at++) {
		if (segment.ptr[i] == '?')
			capture(g, at, at + 1);
		if (segment.ptr[i] == '\\' && i + 1 < segment.len)
			i++;
	}
}

/* The first place at or behind `from` where the segment stands; -1 none, -2 budget. */
static ptrdiff_t find_segment(struct glob *g, struct slice segment, size_t bytes, size_t from)
{
	bool literal = slice_find_byte(segment, '?') < 0 && slice_find_byte(segment, '\\') < 0;

	if (literal) {
		ptrdiff_t found = slice_find(slice_from(g->value, from), segment);

		return found < 0 ? -1 : (ptrdiff_t)from + found;
	}
	for (size_t at = from; at + bytes <= g->value.len; at++) {
		if (g->budget == 0)
			return -2;
		if (stands_at(g, segment, at))
			return (ptrdiff_t)at;
	}
	return -1;
}

/* Takes the segment behind a star. 1 found, 0 not, -1 budget. */
static int after_star(struct glob *g, struct slice segment, size_t bytes, bool last)
{
	ptrdiff_t found;

	if (g->at + bytes > g->value.len)
		return 0;
	if (last)
		found = stands_at(g, segment, g->value.len - bytes)
			? (ptrdiff_t)(g->value.len - bytes)
			: -1;
	else
		found = find_segment(g, segment, bytes, g->at);
	if (found < 0)
		return found == -2 ? -1 : 0;
	capture(g, g->at, (size_t)found);
	capture_questions(g, segment, (size_t)found);
	g->at = (size_t)found + bytes;
	return 1;
}

int match_glob(struct slice value, struct slice key, struct captures *out)
{
	struct glob g = { .value = value, .key = key, .budget = GLOB_BUDGET, .out = out };
	size_t bytes;
	size_t len = measure(key, &bytes);

	if (out)
		out->count = 0;
	capture(&g, 0, value.len);
	if (bytes > value.len || !stands_at(&g, slice_first(key, len), 0))
		return 0;
	capture_questions(&g, slice_first(key, len), 0);
	g.at = bytes;
	slice_skip(&key, len);
	while (key.len > 0) {
		int got;

		slice_skip(&key, 1);
		len = measure(key, &bytes);
		got = after_star(&g, slice_first(key, len), bytes, len == key.len);
		if (got <= 0)
			return got;
		slice_skip(&key, len);
	}
	return g.at == value.len;
}
