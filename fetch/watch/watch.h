/*
 * mr-fetch watch: all accounts, until a signal ends it. Mail is fetched when it arrives.
 *
 * SIGINT, SIGTERM: end as a run does. SIGHUP: read the configuration anew. SIGUSR1: look
 * at all accounts now. The service manager is told by notify.h.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_WATCH_WATCH_H
#define FETCH_WATCH_WATCH_H

#include "fetch/account.h"

struct watch_plan {
	struct accounts *accounts;   /* taken */
	const char *config;          /* where they are read from anew; NULL: the default file */
	const char *file;            /* the one that was read; NULL: there was none */
	const struct strings *names; /* which; all when there are none */
	const char *into;            /* NULL: the stream goes to stdout */
	long sessions;               /* at work at once with one server */
	bool always;                 /* -v: trouble is told in any case */
};

/* The exit status; all that went wrong has been said. */
int watch_accounts(const struct watch_plan *plan);

#endif
