/*
 * RFC 2231: see parameter.h and LENIENT.md.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/parameter.h"

#include <stdlib.h>

#include "common/mail/transfer.h"
#include "common/mail/word.h"

/* One "name*N*=value" of the parameter that is asked for. */
struct section {
	uint64_t number;    /* PLAIN for "name=" */
	size_t order;       /* in the field: of two of one number the first counts */
	bool extended;      /* with the last "*" */
	struct slice value; /* in quotes when `quoted` */
	bool quoted;
};

#define PLAIN UINT64_MAX

struct sections {
	struct section *at;
	size_t count;
	size_t room;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Length of the quoted string at the front without its quotes; it may have no end. */
static size_t quoted_length(struct slice in)
{
	size_t len = 1;

	while (len < in.len && in.ptr[len] != '"')
		len += in.ptr[len] == '\\' && len + 1 < in.len ? 2 : 1;
	return len - 1;
}

static size_t comment_length(struct slice in)
{
	size_t depth = 0;
	size_t len = 0;

	while (len < in.len) {
		char c = in.ptr[len++];

		if (c == '\\' && len < in.len)
			len++;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			break;
	}
	return len;
}

static void skip_blanks(struct slice *in)
{
	while (in->len > 0) {
		if (in->ptr[0] == '(')
			slice_skip(in, comment_length(*in));
		else if (is_blank(in->ptr[0]))
			slice_skip(in, 1);
		else
			return;
	}
}

/* Up to ";", or a comment behind a blank: blanks in a value without quotes are forgiven. */
static struct slice bare_value(struct slice *in)
{
	struct slice value = *in;
	size_t len = 0;

	while (len < in->len && in->ptr[len] != ';') {
		if (in->ptr[len] == '(' && (len == 0 || is_blank(in->ptr[len - 1])))
			break;
		len++;
	}
	slice_skip(in, len);
	return slice_trim(slice_first(value, len));
}

/* Takes all up to the next ";" and it too; a ";" in quotes or in a comment is none. */
static void skip_parameter(struct slice *in)
{
	while (in->len > 0 && in->ptr[0] != ';') {
		size_t len = 1;

		if (in->ptr[0] == '(')
			len = comment_length(*in);
		else if (in->ptr[0] == '"')
			len = quoted_length(*in) + 2;
		slice_skip(in, len < in->len ? len : in->len);
	}
	if (in->len > 0)
		slice_skip(in, 1);
}

/* "*N", "*N*", "*" or nothing, behind the name. */
static bool read_suffix(struct slice suffix, struct section *out)
{
	out->extended = suffix.len > 0 && suffix.ptr[suffix.len - 1] == '*';
	out->number = PLAIN;
	if (out->extended)
		suffix.len--;
	if (suffix.len == 0)
		return true;
	return suffix.ptr[0] == '*' && slice_number(slice_from(suffix, 1), &out->number) &&
	       out->number != PLAIN;
}

static void add_section(struct sections *list, struct section section)
{
	if (list->count == list->room) {
		list->room = list->room > 0 ? list->room * 2 : 4;
		list->at = mem_grow(list->at, list->room, sizeof(*list->at));
	}
	section.order = list->count;
	list->at[list->count++] = section;
}

/* One parameter, its end not yet taken, added when it is of the name. */
static void read_parameter(struct slice *in, const char *name, struct sections *out)
{
	struct slice attribute = *in;
	struct section section = { 0 };
	size_t len = 0;

	while (len < in->len && in->ptr[len] != '=' && in->ptr[len] != ';' &&
	       in->ptr[len] != '"' && in->ptr[len] != '(')
		len++;
	slice_skip(in, len);
	skip_blanks(in);
	if (in->len == 0 || in->ptr[0] != '=')
		return;
	slice_skip(in, 1);
	skip_blanks(in);
	attribute = slice_trim(slice_first(attribute, len));
	if (!slice_starts_case(attribute, name) ||
	    !read_suffix(slice_from(attribute, strlen(name)), &section))
		return;
	section.quoted = in->len > 0 && in->ptr[0] == '"';
	if (section.quoted)
		section.value = slice_of(in->ptr + 1, quoted_length(*in));
	else
		section.value = bare_value(in);
	add_section(out, section);
}

static int by_number(const void *left, const void *right)
{
	const struct section *a = left;
	const struct section *b = right;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* Adds the value without quotes and, when extended, percent signs. */
static void add_value(const struct section *s, struct slice value, struct buf *out)
{
	while (value.len > 0) {
		int high = value.len > 2 ? slice_hex_digit(value.ptr[1]) : -1;
		int low = value.len > 2 ? slice_hex_digit(value.ptr[2]) : -1;

		if (s->extended && value.ptr[0] == '%' && high >= 0 && low >= 0) {
			buf_add_byte(out, (char)(high << 4 | low));
			slice_skip(&value, 3);
			continue;
		}
		if (s->quoted && value.ptr[0] == '\\' && value.len > 1)
			slice_skip(&value, 1);
		buf_add_byte(out, value.ptr[0]);
		slice_skip(&value, 1);
	}
}

/* Takes charset'language' off an extended value; what has no two quotes has no charset. */
static struct slice take_charset(struct slice *value)
{
	struct slice rest = *value;
	struct slice charset, language;

	if (!slice_cut(&rest, '\'', &charset) || !rest.ptr ||
	    !slice_cut(&rest, '\'', &language) || !rest.ptr)
		return SLICE("");
	*value = rest;
	return charset;
}

/* Sections 0, 1, 2, ... as far as they go; of more than one way to say it, extended wins. */
static bool join(struct sections *list, struct slice *charset, struct buf *out)
{
	const struct section *plain = NULL;
	uint64_t wanted = 0;

	if (list->count > 0)
		qsort(list->at, list->count, sizeof(*list->at), by_number);
	for (size_t i = 0; i < list->count; i++) {
		const struct section *s = &list->at[i];
		struct slice value = s->value;

		if (s->number == PLAIN && (!plain || (s->extended && !plain->extended)))
			plain = s;
		if (s->number != wanted)
			continue;
		if (wanted == 0 && s->extended)
			*charset = take_charset(&value);
		add_value(s, value, out);
		wanted++;
	}
	if (plain && (wanted == 0 || plain->extended)) {
		struct slice value = plain->value;

		buf_clear(out);
		*charset = plain->extended ? take_charset(&value) : SLICE("");
		add_value(plain, value, out);
	}
	return wanted > 0 || plain;
}

static bool find(struct slice value, const char *name, struct slice *charset, struct buf *out)
{
	struct sections list = { 0 };
	bool found;

	skip_parameter(&value);
	while (value.len > 0) {
		skip_blanks(&value);
		read_parameter(&value, name, &list);
		skip_parameter(&value);
	}
	*charset = SLICE("");
	found = join(&list, charset, out);
	free(list.at);
	return found;
}

struct slice parameter_main(struct slice value)
{
	skip_blanks(&value);
	return bare_value(&value);
}

bool parameter_bytes(struct slice value, const char *name, struct buf *out)
{
	AUTO_BUF bytes = { 0 };
	struct slice charset;
	bool found = find(value, name, &charset, &bytes);

	buf_add_slice(out, buf_slice(&bytes));
	return found;
}

bool parameter_text(struct slice value, const char *name, struct buf *out)
{
	AUTO_BUF bytes = { 0 };
	AUTO_BUF utf8 = { 0 };
	struct slice charset;

	if (!find(value, name, &charset, &bytes))
		return false;
	if (charset.len == 0 || !charset_to_utf8(charset, buf_slice(&bytes), &utf8))
		word_decode(buf_slice(&bytes), out);
	else
		word_clean(buf_slice(&utf8), out);
	return true;
}
