/*
 * RFC 5322 section 3.2: see address_token.h.
 *
 *	atom    = 1*( any byte but blanks, DQUOTE and ( ) < > @ , ; : )
 *	quoted  = DQUOTE *( qtext / "\" OCTET ) DQUOTE
 *	comment = "(" *( ctext / "\" OCTET / comment ) ")"
 *	literal = "[" *dtext "]"
 *
 * An atom takes in dots, brackets and 8-bit bytes: display names hold them unquoted.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/address_token.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_special(char c)
{
	return c == '<' || c == '>' || c == '@' || c == ',' || c == ';' || c == ':';
}

static bool is_atom_byte(char c)
{
	return !is_blank(c) && !is_special(c) && c != '"' && c != '(' && c != ')';
}

/* Takes a quoted string off the front; false when it is never closed. */
static bool quoted(struct address_tokens *t)
{
	struct slice rest = slice_from(t->in, 1);

	buf_clear(&t->text);
	while (rest.len > 0 && rest.ptr[0] != '"') {
		if (rest.ptr[0] == '\\' && rest.len > 1)
			slice_skip(&rest, 1);
		buf_add_byte(&t->text, rest.ptr[0]);
		slice_skip(&rest, 1);
	}
	if (rest.len == 0)
		return false;
	slice_skip(&rest, 1);
	t->in = rest;
	return true;
}

/* Length of the comment at the front with its parentheses; 0 when it is never closed. */
static size_t comment_length(struct slice in)
{
	size_t depth = 0;

	for (size_t at = 0; at < in.len; at++) {
		if (in.ptr[at] == '\\')
			at++;
		else if (in.ptr[at] == '(')
			depth++;
		else if (in.ptr[at] == ')' && --depth == 0)
			return at + 1;
	}
	return 0;
}

static void keep_comment(struct address_tokens *t, struct slice inside)
{
	buf_clear(&t->comment);
	while (inside.len > 0) {
		if (inside.ptr[0] == '\\' && inside.len > 1)
			slice_skip(&inside, 1);
		buf_add_byte(&t->comment, inside.ptr[0]);
		slice_skip(&inside, 1);
	}
}

/* Takes a comment, or a parenthesis without a partner. */
static void comment(struct address_tokens *t)
{
	size_t len = t->in.ptr[0] == ')' || t->broken_comments ? 1 : comment_length(t->in);

	if (len == 0)
		t->broken_comments = true;
	if (len > 1)
		keep_comment(t, slice_first(slice_from(t->in, 1), len - 2));
	slice_skip(&t->in, len > 0 ? len : 1);
}

/* Section 3.4.1: the literal without its blanks; what is none is left to be an atom. */
static bool literal(struct address_tokens *t)
{
	size_t len = 0;

	buf_clear(&t->text);
	do {
		if (len > 0 && (t->in.ptr[len] == '[' || t->in.ptr[len] == '\\' ||
				!is_atom_byte(t->in.ptr[len])) &&
		    t->in.ptr[len] != ':' && !is_blank(t->in.ptr[len]))
			return false;
		if (!is_blank(t->in.ptr[len]))
			buf_add_byte(&t->text, t->in.ptr[len]);
		len++;
	} while (len < t->in.len && t->in.ptr[len - 1] != ']');
	if (t->in.ptr[len - 1] != ']')
		return false;
	slice_skip(&t->in, len);
	return true;
}

static int atom(struct address_tokens *t)
{
	size_t len = 1;

	while (len < t->in.len && is_atom_byte(t->in.ptr[len]))
		len++;
	buf_set(&t->text, slice_first(t->in, len));
	slice_skip(&t->in, len);
	return TOKEN_ATOM;
}

int address_token(struct address_tokens *t)
{
	bool want_literal = t->want_literal;

	t->gap = false;
	t->want_literal = false;
	while (t->in.len > 0) {
		char c = t->in.ptr[0];

		if (c == '"') {
			if (!t->broken_quotes && quoted(t))
				return TOKEN_QUOTED;
			t->broken_quotes = true;
			slice_skip(&t->in, 1);
		} else if (c == '(' || c == ')') {
			comment(t);
		} else if (is_blank(c)) {
			slice_skip(&t->in, 1);
		} else if (is_special(c)) {
			slice_skip(&t->in, 1);
			return c;
		} else {
			if (c == '[' && want_literal && literal(t))
				return TOKEN_LITERAL;
			return atom(t);
		}
		t->gap = true;
	}
	return TOKEN_END;
}

void address_tokens_free(struct address_tokens *t)
{
	buf_free(&t->text);
	buf_free(&t->comment);
}
