/*
 * netrc(5): see netrc.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/netrc.h"

/* How well an entry fits; more is better. */
enum fit { FIT_NOT, FIT_DEFAULT, FIT_DEFAULT_LOGIN, FIT_MACHINE, FIT_MACHINE_LOGIN };

struct entry {
	bool open;       /* one has begun */
	bool by_default; /* "default" */
	bool machine;    /* it is ours */
	bool has_login;
	bool login; /* it is ours */
	bool has_password;
	struct buf password;
};

struct reader {
	struct slice rest;
	size_t line;
	struct buf word;
	bool quoted;
};

static void wipe(struct buf *b)
{
	if (b->ptr)
		explicit_bzero(b->ptr, b->room);
	buf_free(b);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static void step(struct reader *r)
{
	if (r->rest.ptr[0] == '\n')
		r->line++;
	slice_skip(&r->rest, 1);
}

/* 1 taken, -1 the quote does not end. */
static int take_quoted(struct reader *r)
{
	for (step(r); r->rest.len > 0; step(r)) {
		char c = r->rest.ptr[0];

		if (c == '"') {
			step(r);
			return 1;
		}
		if (c == '\\' && r->rest.len > 1) {
			step(r);
			c = r->rest.ptr[0];
			c = (char)(c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c);
		}
		buf_add_byte(&r->word, c);
	}
	return -1;
}

/* Into r->word: 1 taken, 0 the end, -1 malformed. */
static int take_word(struct reader *r)
{
	buf_clear(&r->word);
	while (r->rest.len > 0 && is_blank(r->rest.ptr[0]))
		step(r);
	if (r->rest.len == 0)
		return 0;
	r->quoted = r->rest.ptr[0] == '"';
	if (r->quoted)
		return take_quoted(r);
	for (; r->rest.len > 0 && !is_blank(r->rest.ptr[0]); step(r))
		buf_add_byte(&r->word, r->rest.ptr[0]);
	return 1;
}

static void skip_line(struct reader *r)
{
	while (r->rest.len > 0 && r->rest.ptr[0] != '\n')
		step(r);
}

/* The text of a macro goes to an empty line. */
static void skip_macro(struct reader *r)
{
	struct slice line;

	skip_line(r);
	if (r->rest.len > 0)
		step(r);
	while (slice_line(&r->rest, &line)) {
		r->line++;
		if (line.len == 0)
			return;
	}
}

static enum fit fit_of(const struct entry *e)
{
	if (!e->open || !e->has_password || (e->has_login && !e->login))
		return FIT_NOT;
	if (e->machine)
		return e->has_login ? FIT_MACHINE_LOGIN : FIT_MACHINE;
	if (e->by_default)
		return e->has_login ? FIT_DEFAULT_LOGIN : FIT_DEFAULT;
	return FIT_NOT;
}

/* The entry is over: keeps its password if nothing better was seen. */
static void close_entry(struct entry *e, enum fit *best, struct buf *password)
{
	enum fit fit = fit_of(e);

	if (fit > *best) {
		*best = fit;
		buf_set(password, buf_slice(&e->password));
	}
	buf_clear(&e->password);
	*e = (struct entry){ .password = e->password };
}

/* A keyword that wants a word behind it. */
static void note(struct entry *e, const char *keyword, const struct reader *r,
	const char *machine, const char *login)
{
	struct slice word = buf_slice(&r->word);

	if (strcmp(keyword, "machine") == 0) {
		e->open = true;
		e->machine = slice_is_case(word, machine);
	} else if (strcmp(keyword, "login") == 0 || strcmp(keyword, "user") == 0) {
		e->has_login = true;
		e->login = slice_is(word, login);
	} else if (strcmp(keyword, "password") == 0 || strcmp(keyword, "passwd") == 0) {
		e->has_password = true;
		buf_set(&e->password, word);
	}
}

static const char *keyword_of(struct slice word)
{
	static const char *const all[] = { "machine", "default", "login", "user", "password",
		"passwd", "account", "macdef", NULL };

	for (size_t i = 0; all[i]; i++) {
		if (slice_is(word, all[i]))
			return all[i];
	}
	return NULL;
}

/* One keyword and what belongs to it: 1 taken, 0 the end, -1 malformed. */
static int take_keyword(struct reader *r, struct entry *e, const char *machine,
	const char *login, enum fit *best, struct buf *password)
{
	const char *keyword;
	int got = take_word(r);

	if (got <= 0)
		return got;
	keyword = r->quoted ? NULL : keyword_of(buf_slice(&r->word));
	if (!keyword) {
		if (!r->quoted && slice_starts(buf_slice(&r->word), "#"))
			skip_line(r);
		return 1;
	}
	if (strcmp(keyword, "machine") == 0 || strcmp(keyword, "default") == 0)
		close_entry(e, best, password);
	if (strcmp(keyword, "default") == 0) {
		e->open = e->by_default = true;
		return 1;
	}
	if (take_word(r) <= 0)
		return -1;
	if (strcmp(keyword, "macdef") == 0)
		skip_macro(r);
	else
		note(e, keyword, r, machine, login);
	return 1;
}

int netrc_find(struct slice text, const char *machine, const char *login,
	struct buf *password, size_t *line)
{
	struct reader r = { .rest = text, .line = 1 };
	struct entry e = { 0 };
	enum fit best = FIT_NOT;
	int got;

	/* A word is not longer than the text. */
	buf_clear(password);
	buf_reserve(password, text.len);
	buf_reserve(&r.word, text.len);
	buf_reserve(&e.password, text.len);
	do {
		got = take_keyword(&r, &e, machine, login, &best, password);
	} while (got > 0);
	close_entry(&e, &best, password);
	wipe(&e.password);
	wipe(&r.word);
	*line = r.line;
	return got < 0 ? -1 : best != FIT_NOT;
}
