/*
 * Candidates of mr-fetch setup, tried for real: do they answer, do they let the user in?
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_SETUP_TRY_H
#define FETCH_VERBS_SETUP_TRY_H

#include <stdio.h>

#include "common/net/discover.h"
#include "common/net/server.h"

struct setup_try {
	const char *domain;
	char *ca_file;     /* borrowed; NULL: the system's authorities */
	bool yes;          /* hosts outside of the domain are confirmed */
	bool terminal;     /* somebody can be asked */
	FILE *tell;        /* a line for each candidate */
	size_t unconfirmed; /* counts those that were left out for want of a yes */
};

/*
 * Connects to one after the other, without a login, until one answers under TLS with a good
 * certificate: its index, or -1 (*why is the last one's; FAULT_NONE when there was none).
 */
ptrdiff_t setup_try_find(struct setup_try *t, const struct discover_list *list,
	struct fault *why);

/* The description of a candidate; borrows from both. */
struct server setup_try_server(const struct setup_try *t, const struct discover_server *d);

/*
 * Logs in with server->password under each of `users` in turn, until one is taken: server->user
 * is that then. IMAP folders are told. FAULT_LOGIN: none was; others end it at once.
 */
int setup_try_login(const struct setup_try *t, enum wire_protocol protocol,
	struct server *server, const struct strings *users, struct fault *why);

#endif
