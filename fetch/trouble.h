/*
 * An account's trouble in the ledger and on stderr; patience.h has the rules.
 *
 * Whoever sits before a terminal, or asked by -v, is told always. The exit status is the
 * same either way. A run without trouble, after one without, writes nothing to the ledger:
 * the time of the account's lock file says when it was.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_TROUBLE_H
#define FETCH_TROUBLE_H

#include "common/mail/ledger/source.h"
#include "fetch/account.h"

/*
 * A run of the account ended in `why`, and before there was `more` (kind NONE: nothing). With
 * `more` NULL it was not ended: `why` is of a message or folder, which gets no grace, for the
 * next run may leave it alone and be well.
 * `ledger` may be NULL: then it is said. `always`: -v. Returns when it is to be tried again
 * at the earliest, seconds since 1970; 0: whenever one likes.
 */
int64_t trouble_tell(struct ledger *ledger, const struct account *account,
	const struct fault *why, const struct fault *more, bool always);

/*
 * A run ended well; `lock` is the account's lock file, `waiting` the messages that are new to
 * us and were left at the server.
 */
void trouble_over(struct ledger *ledger, const struct account *account, int lock,
	uint64_t waiting);

/*
 * Is it to be left alone now? Then *due is when that ends, and *status what the last run
 * ended with. `config` is the configuration file, or NULL.
 */
bool trouble_holds(struct ledger *ledger, const struct account *account, const char *config,
	int64_t *due, int *status);

/* It has logged in outside of a run (check, login): nothing holds it any more. */
void trouble_pardon(const struct account *account);

#endif
