/*
 * mr-fetch check: log in, list folders and counts, change nothing.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_CHECK_H
#define FETCH_VERBS_CHECK_H

#include "fetch/account.h"

/* Prints on stdout, says faults; the exit status, the worst of all accounts. */
int check_accounts(const struct accounts *accounts);

#endif
