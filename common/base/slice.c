/*
 * Slices: see slice.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/slice.h"

#include "common/base/buf.h"

static unsigned char fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool same_case(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (fold(a[i]) != fold(b[i]))
			return false;
	}
	return true;
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool slice_is(struct slice a, const char *text)
{
	return slice_equal(a, slice_text(text));
}

bool slice_equal_case(struct slice a, struct slice b)
{
	return a.len == b.len && same_case(a.ptr, b.ptr, a.len);
}

bool slice_is_case(struct slice a, const char *text)
{
	return slice_equal_case(a, slice_text(text));
}

bool slice_starts(struct slice s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && memcmp(s.ptr, text, len) == 0;
}

bool slice_starts_case(struct slice s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && same_case(s.ptr, text, len);
}

bool slice_ends_case(struct slice s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && same_case(s.ptr + s.len - len, text, len);
}

ptrdiff_t slice_find_byte(struct slice s, char byte)
{
	const char *at = s.len > 0 ? memchr(s.ptr, byte, s.len) : NULL;

	return at ? at - s.ptr : -1;
}

ptrdiff_t slice_find(struct slice s, struct slice what)
{
	const char *at;

	if (what.len == 0)
		return 0;
	at = s.len > 0 ? memmem(s.ptr, s.len, what.ptr, what.len) : NULL;
	return at ? at - s.ptr : -1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice s)
{
	while (s.len > 0 && is_blank(s.ptr[0]))
		slice_skip(&s, 1);
	while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool slice_cut(struct slice *rest, char byte, struct slice *piece)
{
	ptrdiff_t at;

	if (!rest->ptr)
		return false;
	at = slice_find_byte(*rest, byte);
	if (at < 0) {
		*piece = *rest;
		*rest = (struct slice){ NULL, 0 };
		return true;
	}
	*piece = slice_first(*rest, (size_t)at);
	slice_skip(rest, (size_t)at + 1);
	return true;
}

bool slice_line(struct slice *rest, struct slice *line)
{
	ptrdiff_t at;

	if (rest->len == 0)
		return false;
	at = slice_find_byte(*rest, '\n');
	*line = at < 0 ? *rest : slice_first(*rest, (size_t)at);
	slice_skip(rest, at < 0 ? rest->len : (size_t)at + 1);
	if (line->len > 0 && line->ptr[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool slice_number(struct slice s, uint64_t *out)
{
	uint64_t value = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10U, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(s.ptr[i] - '0'), &value))
			return false;
	}
	*out = value;
	return true;
}

int slice_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *slice_copy(struct slice s)
{
	char *copy = mem_get(s.len + 1);

	if (s.len > 0)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}
