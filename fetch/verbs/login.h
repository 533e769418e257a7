/*
 * mr-fetch login: let the user log in at the provider of OAuth2 tokens, keep what comes of
 * it, and show that the mail server takes it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_LOGIN_H
#define FETCH_VERBS_LOGIN_H

#include "fetch/account.h"

/*
 * For each account with `oauth`; without one among them 78. Prints on stdout, reads pasted
 * addresses from stdin, says faults; the exit status, the worst of all.
 */
int login_accounts(const struct accounts *accounts);

/* The same, and the page is opened by xdg-open. */
int login_opening(const struct accounts *accounts);

#endif
