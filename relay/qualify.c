/*
 * A scanner that knows just enough of RFC 5322 section 3.4 to find where an addr-spec ends:
 * see qualify.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/qualify.h"

/* One mailbox as far as it was scanned; positions are offsets in the body. */
struct scan {
	size_t words;      /* atoms and quoted strings that stand by themselves */
	size_t end;        /* behind the last word, dot included */
	bool joined;       /* the last byte seen was a dot or word: no blank since */
	bool has_at;
	bool in_angle;
	bool had_angle;
	size_t angle_words;
	size_t angle_end;
	bool angle_at;
};

static bool is_special(char c)
{
	return c != '\0' && strchr("()<>[]:;@\\,\"", c) != NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Behind the comment (nested) that begins at `at`. */
static size_t skip_comment(struct slice body, size_t at)
{
	size_t depth = 0;

	for (; at < body.len; at++) {
		if (body.ptr[at] == '\\')
			at++;
		else if (body.ptr[at] == '(')
			depth++;
		else if (body.ptr[at] == ')' && --depth == 0)
			return at + 1;
	}
	return body.len;
}

/* Behind the closing byte of a quoted string or domain literal that begins at `at`. */
static size_t skip_quoted(struct slice body, size_t at, char closing)
{
	for (at++; at < body.len; at++) {
		if (body.ptr[at] == '\\')
			at++;
		else if (body.ptr[at] == closing)
			return at + 1;
	}
	return body.len;
}

static size_t skip_atom(struct slice body, size_t at)
{
	while (at < body.len && !is_blank(body.ptr[at]) && !is_special(body.ptr[at]))
		at++;
	return at;
}

static void saw_word(struct scan *s, size_t end)
{
	if (s->in_angle) {
		s->angle_words += !s->joined;
		s->angle_end = end;
	} else {
		s->words += !s->joined;
		s->end = end;
	}
	s->joined = true;
}

/* Where "@host" belongs, or -1: the mailbox has a domain, is none, or is malformed. */
static ptrdiff_t missing_domain(const struct scan *s)
{
	if (s->had_angle)
		return !s->angle_at && s->angle_words == 1 ? (ptrdiff_t)s->angle_end : -1;
	return !s->has_at && s->words == 1 ? (ptrdiff_t)s->end : -1;
}

/* Copies up to `to` and puts the domain in where it was found to be missing. */
static bool finish_mailbox(struct slice body, struct scan *s, const char *host, size_t *copied,
	struct buf *out)
{
	ptrdiff_t where = missing_domain(s);

	*s = (struct scan){ 0 };
	if (where < 0)
		return false;
	buf_add(out, body.ptr + *copied, (size_t)where - *copied);
	buf_addf(out, "@%s", host);
	*copied = (size_t)where;
	return true;
}

/* A byte that is neither word, comment nor blank; true when a mailbox ends before it. */
static bool saw_special(struct scan *s, char c)
{
	s->joined = false;
	if (c == '<' && !s->had_angle) {
		s->in_angle = true;
		s->had_angle = true;
	} else if (c == '>') {
		s->in_angle = false;
	} else if (c == '@') {
		s->angle_at = s->angle_at || s->in_angle;
		s->has_at = s->has_at || !s->in_angle;
	} else if (c == ':' && !s->in_angle) {
		*s = (struct scan){ 0 }; /* that was the name of a group */
	}
	return (c == ',' || c == ';') && !s->in_angle;
}

static size_t skip_word(struct slice body, size_t at)
{
	size_t end;

	if (body.ptr[at] == '"')
		return skip_quoted(body, at, '"');
	if (body.ptr[at] == '[')
		return skip_quoted(body, at, ']');
	end = skip_atom(body, at);
	/* A special that opens nothing here (")", "]", "\\"): a word of one byte. */
	return end > at ? end : at + 1;
}

bool qualify_addresses(struct slice body, const char *host, struct buf *out)
{
	struct scan s = { 0 };
	size_t copied = 0;
	size_t at = 0;
	bool changed = false;

	while (at < body.len) {
		char c = body.ptr[at];

		if (c == '(') {
			at = skip_comment(body, at);
			s.joined = false;
		} else if (is_blank(c)) {
			s.joined = false;
			at++;
		} else if (c != '\0' && strchr("<>@,;:", c)) {
			if (saw_special(&s, c))
				changed |= finish_mailbox(body, &s, host, &copied, out);
			at++;
		} else {
			at = skip_word(body, at);
			saw_word(&s, at);
		}
	}
	changed |= finish_mailbox(body, &s, host, &copied, out);
	buf_add(out, body.ptr + copied, body.len - copied);
	return changed;
}
