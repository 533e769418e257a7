/*
 * Insertion into the text of a configuration: see setup_insert.h. libconfig 1.5.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/setup_insert.h"

#include <ctype.h>

struct scan {
	struct slice text;
	size_t at;
	size_t depth;      /* of braces, brackets and parentheses */
	struct slice word; /* the last one outside of all groups */
	bool ours;         /* within the section that is looked for */
};

static char byte_at(const struct scan *s, size_t ahead)
{
	return s->at + ahead < s->text.len ? s->text.ptr[s->at + ahead] : '\0';
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || strchr("-_*.", c);
}

/* A string, with its quotes; a backslash hides what follows. */
static void skip_string(struct scan *s)
{
	for (s->at++; s->at < s->text.len && byte_at(s, 0) != '"'; s->at++) {
		if (byte_at(s, 0) == '\\')
			s->at++;
	}
	s->at++;
}

/* Comments: # and // to the end of the line, and those of C. */
static bool skip_comment(struct scan *s)
{
	char c = byte_at(s, 0);
	ptrdiff_t end;

	if (c == '#' || (c == '/' && byte_at(s, 1) == '/')) {
		end = slice_find_byte(slice_from(s->text, s->at), '\n');
	} else if (c == '/' && byte_at(s, 1) == '*') {
		s->at += 2;
		end = slice_find(slice_from(s->text, s->at), SLICE("*/"));
		end += end < 0 ? 0 : 2;
	} else {
		return false;
	}
	s->at = end < 0 ? s->text.len : s->at + (size_t)end;
	return true;
}

static void take_word(struct scan *s)
{
	size_t start = s->at;

	while (s->at < s->text.len && byte_at(s, 0) && is_word(byte_at(s, 0)))
		s->at++;
	if (s->depth == 0)
		s->word = slice_of(s->text.ptr + start, s->at - start);
}

/* One token further: 1 the section's closing brace is at hand, 0 no, -1 FAULT_CONFIG. */
static int step(struct scan *s, const char *section, struct fault *why)
{
	char c = byte_at(s, 0);

	if (c == '"') {
		skip_string(s);
		return 0;
	}
	if (skip_comment(s))
		return 0;
	if (c && is_word(c)) {
		take_word(s);
		return 0;
	}
	if (c == '@')
		return fault_set(why, FAULT_CONFIG, "it includes other files");
	if (c && strchr("{[(", c)) {
		if (s->depth++ == 0)
			s->ours = c == '{' && slice_is(s->word, section);
	} else if (c && strchr("}])", c)) {
		if (s->depth == 0)
			return fault_set(why, FAULT_CONFIG, "its braces do not match");
		if (--s->depth == 0 && s->ours)
			return 1;
	}
	s->at++;
	return 0;
}

/* Where the section's closing brace is: 1; 0 it is not there. */
static int find_end(struct slice text, const char *section, size_t *end, struct fault *why)
{
	struct scan s = { .text = text, .word = SLICE("") };
	int found = 0;

	while (s.at < text.len) {
		int got = step(&s, section, why);

		if (got < 0)
			return -1;
		if (got == 0)
			continue;
		if (found)
			return fault_set(why, FAULT_CONFIG, "it has two sections %s", section);
		found = 1;
		*end = s.at++;
	}
	if (s.depth != 0)
		return fault_set(why, FAULT_CONFIG, "its braces do not match");
	return found;
}

/* The start of the line if only blanks stand before `at`, else `at`. */
static size_t line_start(struct slice text, size_t at)
{
	size_t start = at;

	while (start > 0 && (text.ptr[start - 1] == ' ' || text.ptr[start - 1] == '\t'))
		start--;
	return start == 0 || text.ptr[start - 1] == '\n' ? start : at;
}

int setup_insert(struct slice text, const char *section, const char *group, struct buf *out,
	struct fault *why)
{
	size_t at = 0;
	int found = find_end(text, section, &at, why);

	if (found < 0)
		return -1;
	if (found == 0) {
		buf_add_slice(out, text);
		if (text.len > 0 && text.ptr[text.len - 1] != '\n')
			buf_add_byte(out, '\n');
		buf_addf(out, "%s%s: {\n%s}\n", text.len > 0 ? "\n" : "", section, group);
		return 0;
	}
	at = line_start(text, at);
	buf_add_slice(out, slice_first(text, at));
	buf_add_text(out, "\n");
	buf_add_text(out, group);
	buf_add_slice(out, slice_from(text, at));
	return 0;
}
