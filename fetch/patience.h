/*
 * How long an account in trouble is left alone, and when its trouble is told.
 *
 * Pure: works on what the ledger has of the account (source_account), and writes nothing.
 *
 * Temporary trouble of an account that has worked before is kept quiet for the grace time,
 * for most of it is over by then; all other trouble is told at once. While it stays it is
 * told once a day, and again when its kind changes.
 *
 * A refused login is tried again after 1 hour, 2, 4 and so on up to a day, for servers lock
 * accounts that try too often. One that asks for patience ([LIMIT], [INUSE], "too many
 * connections") gets 5 minutes, 10, 20 and so on up to an hour. Plain network trouble gets
 * no pause: it ends when it ends.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_PATIENCE_H
#define FETCH_PATIENCE_H

#include "common/mail/ledger/source.h"

struct patience_terms {
	int64_t now;   /* seconds since 1970 */
	int64_t grace; /* seconds */
	bool gentle;   /* a refused login locks nothing, and is mended elsewhere (OAuth2) */
};

/* A run ended in this trouble: fills in all but `ran`. True: it is to be told now. */
bool patience_fail(struct source_account *a, const struct fault *why,
	const struct patience_terms *terms);

/* A run ended well. True when anything changed that is worth writing down. */
bool patience_succeed(struct source_account *a, int64_t now);

/*
 * Is it to be left alone at `now`? Not when the configuration changed (seconds since 1970,
 * 0: not known) since it was last tried.
 */
bool patience_holds(const struct source_account *a, int64_t now, int64_t changed);

/* Does the server ask for patience in these words? */
bool patience_is_asked(struct slice words);

#endif
