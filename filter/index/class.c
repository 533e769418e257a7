/*
 * Classes of characters in a regular expression: see class.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/index/class.h"

#include <string.h>

bool class_is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_plain(char c)
{
	return class_is_letter_or_digit(c) || (c != '\0' && strchr("_.@ %+=/,;<>", c));
}

/* "a-z": of one kind and in order; anything else may be refused. */
static bool is_range(char from, char to)
{
	char kind = from <= '9' ? '9' : from <= 'Z' ? 'Z' : 'z';

	return class_is_letter_or_digit(from) && class_is_letter_or_digit(to) && from <= to &&
		to <= kind;
}

/* "[:alpha:]", whose "[" is next. 1 taken, 0 none, -1 not understood. */
static int skip_named(struct slice *in)
{
	size_t i = 2;

	if (in->len < 2 || !strchr(":.=", in->ptr[1]))
		return 0;
	if (in->ptr[1] != ':')
		return -1;
	while (i < in->len && in->ptr[i] >= 'a' && in->ptr[i] <= 'z')
		i++;
	if (i + 1 >= in->len || in->ptr[i] != ':' || in->ptr[i + 1] != ']')
		return -1;
	slice_skip(in, i + 2);
	return 1;
}

/* An escape, whose backslash is next. */
static bool skip_escape(struct slice *in)
{
	char c = in->len > 1 ? in->ptr[1] : '\0';

	if (c <= ' ' || c >= 0x7f || (class_is_letter_or_digit(c) && !strchr("dDwWsShHvV", c)))
		return false;
	slice_skip(in, 2);
	return true;
}

/* One item that is no escape and no name: a byte, or a range of two. */
static void skip_item(struct slice *in, bool *sound)
{
	char c = in->ptr[0];
	bool range = in->len > 2 && in->ptr[1] == '-' && in->ptr[2] != ']';

	if (c == '-')
		range = false;
	*sound = *sound && (is_plain(c) || c == '-');
	if (!range) {
		/* A "-" is sound only where it can be no range. */
		if (c == '-' && in->len > 1 && in->ptr[1] != ']')
			*sound = false;
		slice_skip(in, 1);
		return;
	}
	*sound = *sound && is_range(c, in->ptr[2]);
	/* What may be more than a byte is left to the next turn. */
	slice_skip(in, is_plain(in->ptr[2]) ? 3 : 2);
}

bool class_skip(struct slice *in, bool *sound)
{
	/* "[=x=]" and its like mean nothing outside of a class, and are refused. */
	if (in->len > 0 && strchr(":.=", in->ptr[0]) && in->ptr[0] != '\0')
		*sound = false;
	if (in->len > 0 && in->ptr[0] == '^')
		slice_skip(in, 1);
	if (in->len > 0 && in->ptr[0] == ']') {
		*sound = false;
		slice_skip(in, 1);
	}
	while (in->len > 0 && in->ptr[0] != ']') {
		int named = in->ptr[0] == '[' ? skip_named(in) : 0;

		if (named < 0)
			return false;
		if (named > 0 || in->ptr[0] == '\\') {
			*sound = false;
			if (named == 0 && !skip_escape(in))
				return false;
			continue;
		}
		skip_item(in, sound);
	}
	if (in->len == 0)
		return false;
	slice_skip(in, 1);
	return true;
}
