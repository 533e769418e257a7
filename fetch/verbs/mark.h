/*
 * mr-fetch mark: remember what is on the server now as fetched, without fetching it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_MARK_H
#define FETCH_VERBS_MARK_H

#include "fetch/account.h"

/*
 * Only for accounts with keep = true: in another one whatever is on the server is to be
 * fetched. Says faults; the exit status, the worst of all accounts.
 */
int mark_accounts(const struct accounts *accounts);

#endif
