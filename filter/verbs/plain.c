/*
 * An action on one line: see plain.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/plain.h"

#include <inttypes.h>

#include "filter/flags.h"

bool plain_is_implicit(const struct action *a)
{
	return a->kind == ACTION_KEEP &&
		(strcmp(a->rule, "implicit") == 0 || slice_starts(slice_text(a->rule), "error"));
}

/* A quoted string without control characters. */
static void put_text(struct buf *out, struct slice text)
{
	static const char plain[] = "\"\\\n\r\t", letters[] = "\"\\nrt";

	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		const char *special = c ? strchr(plain, c) : NULL;

		if (special)
			buf_addf(out, "\\%c", letters[special - plain]);
		else if (c < ' ' || c == 0x7f)
			buf_addf(out, "\\x%02x", c);
		else
			buf_add_byte(out, (char)c);
	}
	buf_add_byte(out, '"');
}

static void put_word(struct buf *out, const char *word, const char *value)
{
	if (!value)
		return;
	buf_addf(out, " %s ", word);
	put_text(out, slice_text(value));
}

static void put_number(struct buf *out, const char *word, int64_t value)
{
	if (value > 0)
		buf_addf(out, " %s %" PRId64, word, value);
}

static void put_switch(struct buf *out, const char *word, bool given)
{
	if (given)
		buf_addf(out, " %s", word);
}

static void put_flags(struct buf *out, const struct action *a)
{
	AUTO_BUF flags = { 0 };

	if (!a->has_flags)
		return;
	flags_put(&flags, &a->flags);
	put_word(out, "flags", buf_text(&flags));
}

void plain_put(struct buf *out, const struct action *a)
{
	buf_add_text(out, plain_is_implicit(a) ? "implicit-keep" : action_name(a->kind));
	if (a->target) {
		buf_add_byte(out, ' ');
		put_text(out, slice_text(a->target));
	} else if (a->text) {
		buf_add_byte(out, ' ');
		put_text(out, slice_text(a->text));
	}
	for (size_t i = 0; i < a->arguments.count; i++) {
		buf_add_byte(out, ' ');
		put_text(out, slice_text(a->arguments.at[i]));
	}
	put_flags(out, a);
	put_word(out, "special-use", a->special_use);
	put_word(out, "from", a->from);
	put_word(out, "handle", a->handle);
	put_number(out, "seconds", a->seconds);
	put_word(out, "fcc", a->fcc);
	put_switch(out, "last", a->last);
	put_switch(out, "try", a->attempt);
	put_switch(out, "header", a->header_only);
	put_switch(out, "body", a->body_only);
	put_word(out, "lock", a->lock);
	put_number(out, "timeout", a->timeout);
	if (a->target)
		put_word(out, "text", a->text);
}

struct slice plain_action(struct slice line)
{
	bool quoted = false;

	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\\' && quoted)
			i++;
		else if (line.ptr[i] == '"')
			quoted = !quoted;
		else if (line.ptr[i] == '#' && !quoted)
			return slice_trim(slice_first(line, i));
	}
	return slice_trim(line);
}
