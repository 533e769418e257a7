/*
 * What is wrong with a rule file: see problem.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/problem.h"

#include "common/base/say.h"

void problem_add(struct problems *list, unsigned line, unsigned column, const char *format, ...)
{
	AUTO_BUF text = { 0 };
	struct problem *one;
	va_list args;

	if (list->count == PROBLEM_MAX)
		return;
	one = &list->at[list->count++];
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	*one = (struct problem){ line, column, buf_give(&text) };
}

void problems_cut(struct problems *list, size_t count)
{
	while (list->count > count)
		free(list->at[--list->count].text);
}

void problems_clear(struct problems *list)
{
	problems_cut(list, 0);
}

static struct slice find_line(struct slice script, unsigned number)
{
	struct slice line = SLICE("");

	while (number > 0 && slice_line(&script, &line))
		number--;
	return number == 0 ? line : SLICE("");
}

/* LIMIT: columns of a line that are shown around the mistake. */
enum { SHOWN_MAX = 72 };

void problem_show(struct buf *out, const char *kind, const char *file, struct slice script,
	const struct problem *one)
{
	struct slice line = find_line(script, one->line);
	size_t column = one->column > 0 ? one->column - 1 : 0;
	size_t from = column > SHOWN_MAX ? column - SHOWN_MAX / 2 : 0;
	struct slice shown;

	buf_addf(out, "%s:%u:%u: %s: ", file, one->line, one->column, kind);
	say_visible(out, slice_text(one->text));
	buf_add_byte(out, '\n');
	if (column > line.len)
		return;
	shown = slice_first(slice_from(line, from), SHOWN_MAX);
	buf_add_text(out, "    ");
	for (size_t i = 0; i < shown.len; i++) {
		unsigned char c = (unsigned char)shown.ptr[i];

		buf_add_byte(out, c == '\t' ? ' ' : c < 0x20 || c == 0x7f ? '?' : (char)c);
	}
	buf_add_text(out, "\n    ");
	for (size_t i = from; i < column; i++) {
		/* The rest of a UTF-8 character takes no column of the terminal. */
		if (((unsigned char)line.ptr[i] & 0xc0) != 0x80)
			buf_add_byte(out, ' ');
	}
	buf_add_text(out, "^\n");
}
