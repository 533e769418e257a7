/*
 * RFC 5228 section 8.1: tokens. See token.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/token.h"

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The byte at an offset from here; NUL behind the end, which is no legal byte either. */
static char peek(const struct token_reader *in, size_t ahead)
{
	size_t at = in->at + ahead;

	return at < in->script.len ? in->script.ptr[at] : '\0';
}

static bool at_end(const struct token_reader *in)
{
	return in->at >= in->script.len;
}

/* Takes one byte and counts lines. */
static void step(struct token_reader *in)
{
	if (in->script.ptr[in->at++] == '\n') {
		in->line++;
		in->line_start = in->at;
	}
}

void token_start(struct token_reader *in, struct slice script)
{
	*in = (struct token_reader){ .script = script, .line = 1 };
	if (slice_starts(script, "\xef\xbb\xbf")) {
		in->at = 3;
		in->line_start = 3;
	}
}

static int bad(struct fault *why, const char *what)
{
	return fault_set(why, FAULT_DATA, "%s", what);
}

/* hash-comment = "#" *octet-not-crlf CRLF; the line end stays. */
static void skip_hash_comment(struct token_reader *in)
{
	while (!at_end(in) && peek(in, 0) != '\n')
		step(in);
}

/* Blanks and comments. -1: a comment that does not end. */
static int skip_blanks(struct token_reader *in, struct token *out, struct fault *why)
{
	while (!at_end(in)) {
		char c = peek(in, 0);

		if (c == ' ' || c == '\t' || c == '\n' || (c == '\r' && peek(in, 1) == '\n')) {
			step(in);
		} else if (c == '#') {
			skip_hash_comment(in);
		} else if (c == '/' && peek(in, 1) == '*') {
			out->line = in->line;
			out->column = (unsigned)(in->at - in->line_start) + 1;
			step(in);
			step(in);
			while (!at_end(in) && !(peek(in, 0) == '*' && peek(in, 1) == '/'))
				step(in);
			if (at_end(in))
				return bad(why, "comment without end, expected \"*/\"");
			step(in);
			step(in);
		} else {
			break;
		}
	}
	return 0;
}

/* identifier = (ALPHA / "_") *(ALPHA / DIGIT / "_") */
static struct slice take_word(struct token_reader *in)
{
	size_t from = in->at;

	while (is_alpha(peek(in, 0)) || is_digit(peek(in, 0)))
		in->at++;
	return slice_of(in->script.ptr + from, in->at - from);
}

/* number = 1*DIGIT [ "K" / "M" / "G" ] */
static int take_number(struct token_reader *in, struct token *out, struct fault *why)
{
	struct slice word = take_word(in);
	unsigned shift = 0;
	bool large;

	out->kind = TOKEN_NUMBER;
	switch (word.ptr[word.len - 1] | 0x20) {
	case 'k':
		shift = 10;
		break;
	case 'm':
		shift = 20;
		break;
	case 'g':
		shift = 30;
		break;
	}
	if (shift > 0)
		word.len--;
	for (size_t i = 0; i < word.len; i++) {
		if (!is_digit(word.ptr[i]))
			return bad(why, "bad number, expected digits and one of K, M, G");
	}
	large = !slice_number(word, &out->number) || out->number > UINT64_MAX >> shift;
	if (large)
		return bad(why, "number too large");
	out->number <<= shift;
	return 1;
}

/* How many bytes at the front stand for themselves, and end no line. */
static size_t plain_length(struct slice text)
{
	size_t len = 0;

	while (len < text.len && text.ptr[len] != '"' && text.ptr[len] != '\\' &&
		text.ptr[len] != '\r' && text.ptr[len] != '\n' && text.ptr[len] != '\0')
		len++;
	return len;
}

/*
 * quoted-string = DQUOTE *( quoted-safe / "\" octet ) DQUOTE; a NUL is illegal, and so is a
 * lone CR by the grammar: it is let through as itself.
 */
static int take_quoted(struct token_reader *in, struct token *out, struct fault *why)
{
	bool nul = false;

	out->kind = TOKEN_STRING;
	step(in);
	for (;;) {
		struct slice plain = slice_from(in->script, in->at);

		plain.len = plain_length(plain);
		buf_add_slice(&out->text, plain);
		in->at += plain.len;
		if (at_end(in) || peek(in, 0) == '"')
			break;
		if (peek(in, 0) == '\\' && in->at + 1 < in->script.len)
			step(in);
		if (peek(in, 0) == '\r' && peek(in, 1) == '\n')
			step(in);
		nul = nul || peek(in, 0) == '\0';
		buf_add_byte(&out->text, peek(in, 0));
		step(in);
	}
	if (at_end(in))
		return bad(why, "string without end, expected a closing quote");
	step(in);
	return nul ? bad(why, "NUL byte in a string") : 1;
}

/* One line of a text block without its line end. */
static struct slice take_line(struct token_reader *in)
{
	struct slice rest = slice_from(in->script, in->at);
	struct slice line = { 0 };

	slice_line(&rest, &line);
	while (in->script.ptr + in->at < rest.ptr)
		step(in);
	return line;
}

/*
 * multi-line = "text:" *(SP / HTAB) (hash-comment / CRLF) *line "." CRLF
 * The word "text" is taken already.
 */
static int take_block(struct token_reader *in, struct token *out, struct fault *why)
{
	bool nul = false;

	out->kind = TOKEN_STRING;
	in->at++;
	while (peek(in, 0) == ' ' || peek(in, 0) == '\t')
		step(in);
	if (peek(in, 0) == '#')
		skip_hash_comment(in);
	if (peek(in, 0) == '\r')
		step(in);
	if (peek(in, 0) != '\n')
		return bad(why, "text behind \"text:\", expected the end of the line");
	step(in);
	while (!at_end(in)) {
		struct slice line = take_line(in);

		if (slice_is(line, "."))
			return nul ? bad(why, "NUL byte in a string") : 1;
		if (slice_starts(line, ".."))
			slice_skip(&line, 1);
		nul = nul || slice_find_byte(line, '\0') >= 0;
		buf_add_slice(&out->text, line);
		buf_add_byte(&out->text, '\n');
	}
	return bad(why, "text block without end, expected a line \".\"");
}

static int take_token(struct token_reader *in, struct token *out, struct fault *why)
{
	char c = peek(in, 0);

	if (is_alpha(c)) {
		out->kind = TOKEN_IDENTIFIER;
		out->name = take_word(in);
		if (slice_is_case(out->name, "text") && peek(in, 0) == ':')
			return take_block(in, out, why);
		return 1;
	}
	if (is_digit(c))
		return take_number(in, out, why);
	if (c == '"')
		return take_quoted(in, out, why);
	if (c == ':' && is_alpha(peek(in, 1))) {
		out->kind = TOKEN_TAG;
		in->at++;
		out->name = take_word(in);
		return 1;
	}
	step(in);
	if (c != '\0' && strchr("[]{}(),;", c)) {
		out->kind = TOKEN_SIGN;
		out->sign = c;
		return 1;
	}
	if (c == ':')
		return bad(why, "lone \":\", expected the name of a tag behind it");
	if (c == '\0')
		return bad(why, "NUL byte");
	if (c > ' ' && c < 0x7f)
		return fault_set(why, FAULT_DATA, "unexpected \"%c\"", c);
	/* One complaint for a run of such bytes, not one for each. */
	while (!at_end(in) && (peek(in, 0) < 0 || peek(in, 0) == '\x7f'))
		step(in);
	return fault_set(why, FAULT_DATA, "unexpected byte 0x%02x outside a string",
		(unsigned char)c);
}

int token_next(struct token_reader *in, struct token *out, struct fault *why)
{
	size_t from;
	int got;

	out->name = (struct slice){ 0 };
	buf_clear(&out->text);
	out->kind = TOKEN_END;
	out->source = slice_of(in->script.ptr + in->script.len, 0);
	if (skip_blanks(in, out, why) < 0)
		return -1;
	out->line = in->line;
	out->column = (unsigned)(in->at - in->line_start) + 1;
	from = in->at;
	if (at_end(in))
		return 0;
	got = take_token(in, out, why);
	out->source = slice_of(in->script.ptr + from, in->at - from);
	return got;
}

void token_clear(struct token *t)
{
	buf_free(&t->text);
	*t = (struct token){ 0 };
}

void token_put_string(struct buf *out, struct slice text)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, text.ptr[i]);
	}
	buf_add_byte(out, '"');
}
