/*
 * RFC 5228 section 8.1: the tokens of Sieve, for rule files and for action lines.
 *
 * A line ends with LF or CRLF; inside a string either is one LF. The reader copies no
 * bytes of the script: name and source look into it, only `text` is built.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_TOKEN_H
#define COMMON_MAIL_TOKEN_H

#include "common/base/buf.h"
#include "common/base/fault.h"

enum token_kind {
	TOKEN_END,
	TOKEN_IDENTIFIER, /* name */
	TOKEN_TAG,        /* name, without the colon */
	TOKEN_NUMBER,     /* number, its K, M or G applied */
	TOKEN_STRING,     /* text, escapes taken, dots unstuffed */
	TOKEN_SIGN,       /* sign: one of [ ] { } ( ) , ; */
};

struct token {
	enum token_kind kind;
	char sign;
	unsigned line;   /* from 1 */
	unsigned column; /* from 1, in bytes */
	struct slice source; /* as it stands in the script */
	struct slice name;
	uint64_t number;
	struct buf text;
};

struct token_reader {
	struct slice script; /* borrowed */
	size_t at;           /* next byte */
	size_t line_start;   /* where the current line begins */
	unsigned line;
};

/* A byte order mark at the front is skipped. */
void token_start(struct token_reader *in, struct slice script);

/*
 * The next token, behind blanks and comments; *out is reused. 1 a token, 0 the end
 * (TOKEN_END, with its place), -1 no token: FAULT_DATA whose text says what is wrong
 * without the place, which stands in *out; the bad bytes are skipped, so that the next
 * call goes on behind them.
 */
int token_next(struct token_reader *in, struct token *out, struct fault *why);

void token_clear(struct token *t);

/* Adds the text as a quoted string, fit for token_next. It must hold no NUL. */
void token_put_string(struct buf *out, struct slice text);

#endif
