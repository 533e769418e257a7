/*
 * RFC 5322 section 3.2: the tokens of an address list, for address.c alone.
 *
 * Every byte is looked at a bounded number of times: a quote or comment that is never
 * closed is searched for its end once.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_ADDRESS_TOKEN_H
#define COMMON_MAIL_ADDRESS_TOKEN_H

#include "common/base/buf.h"

/* Other tokens are the special byte itself: < > @ , ; : */
enum { TOKEN_END = 0, TOKEN_ATOM = 256, TOKEN_QUOTED, TOKEN_LITERAL };

struct address_tokens {
	struct slice in;
	struct buf text;    /* of atom, quoted string (unescaped), literal (with brackets) */
	struct buf comment; /* the last one, without parentheses */
	bool gap;           /* blanks or comments stood before the token */
	bool want_literal;  /* set by the caller behind "@": "[" begins a domain literal */
	bool broken_quotes; /* no quote is closed any more: quotes are blanks */
	bool broken_comments;
};

/* The next token, its text in `text`. Backslash in an atom is an ordinary byte. */
int address_token(struct address_tokens *t);
void address_tokens_free(struct address_tokens *t);

#endif
