/*
 * The SEARCH that finds what an account wants. RFC 3501 section 6.4.4, RFC 4731, RFC 7888.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_CHOOSE_H
#define FETCH_IMAP_CHOOSE_H

#include "fetch/choice.h"

/* What the server can. */
struct choose_way {
	bool esearch;
	bool literals; /* LITERAL+ or LITERAL-: they need not wait */
	bool utf8;     /* UTF8=ACCEPT is enabled: strings are UTF-8, a charset is an error */
};

/*
 * "UID SEARCH" for what is wanted from UID `from` on, at the time `now`. Adds one piece, or
 * several: then each but the first is sent when the server says "+".
 */
void choose_search(const struct choice *c, const struct choose_way *way, uint32_t from,
	int64_t now, struct strings *pieces);

#endif
