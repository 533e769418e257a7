/*
 * What is said about an account in trouble, and how often.
 *
 * A line is said when the trouble is new, and once an hour while it stays the same: cron
 * runs every five minutes, and a server that is down is told once. Whoever sits before a
 * terminal, or asked by -v, is always told. The exit status is the same either way.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_TROUBLE_H
#define FETCH_TROUBLE_H

#include "common/mail/ledger/source.h"

/*
 * `ledger` may be NULL: then it is said. `why` NULL: all is well again. `always`: -v.
 */
void trouble_tell(struct ledger *ledger, const char *account, const struct fault *why,
	bool always);

#endif
