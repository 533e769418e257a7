/*
 * Sets of IMAP flags: see flags.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/flags.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool flags_next(struct slice *text, struct slice *flag)
{
	size_t len = 0;

	while (text->len > 0 && is_blank(text->ptr[0]))
		slice_skip(text, 1);
	while (len < text->len && !is_blank(text->ptr[len]))
		len++;
	*flag = slice_first(*text, len);
	slice_skip(text, len);
	return len > 0;
}

/* RFC 3501 section 9: flag = "\Answered" / ... / atom. \Recent cannot be set. */
static bool is_valid(struct slice flag)
{
	static const char *const system_flags[] = { "\\Answered", "\\Flagged", "\\Deleted",
		"\\Seen", "\\Draft", NULL };

	if (flag.ptr[0] == '\\') {
		for (size_t i = 0; system_flags[i]; i++) {
			if (slice_is_case(flag, system_flags[i]))
				return true;
		}
		return false;
	}
	for (size_t i = 0; i < flag.len; i++) {
		if (i >= FLAG_LENGTH_MAX || flag.ptr[i] <= ' ' || flag.ptr[i] > '~' ||
			strchr("(){%*\"\\]", flag.ptr[i]))
			return false;
	}
	return true;
}

static size_t find(const struct strings *set, struct slice flag)
{
	size_t i = 0;

	while (i < set->count && !slice_is_case(flag, set->at[i]))
		i++;
	return i;
}

void flags_add(struct strings *set, struct slice text)
{
	struct slice flag;

	while (flags_next(&text, &flag)) {
		if (set->count < FLAGS_MAX && is_valid(flag) && find(set, flag) == set->count)
			strings_add(set, flag);
	}
}

void flags_remove(struct strings *set, struct slice text)
{
	struct slice flag;

	while (flags_next(&text, &flag)) {
		size_t at = find(set, flag);

		if (at == set->count)
			continue;
		free(set->at[at]);
		/* The NULL behind the last one moves, too. */
		memmove(set->at + at, set->at + at + 1, (set->count - at) * sizeof(*set->at));
		set->count--;
	}
}

void flags_copy(struct strings *to, const struct strings *from)
{
	for (size_t i = 0; i < from->count; i++)
		strings_add(to, slice_text(from->at[i]));
}

void flags_put(struct buf *out, const struct strings *set)
{
	for (size_t i = 0; i < set->count; i++) {
		if (i > 0)
			buf_add_byte(out, ' ');
		buf_add_text(out, set->at[i]);
	}
}
