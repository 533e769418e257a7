/*
 * Fetching: all accounts, one poll set, the stream.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_RUN_RUN_H
#define FETCH_RUN_RUN_H

#include "fetch/account.h"
#include "fetch/hand/feed.h"

struct into;

struct run_plan {
	const struct accounts *accounts;
	const char *into; /* NULL: the stream goes to stdout */
	const char *config; /* the file of the accounts; NULL: there is none */
	bool again;
	bool named;       /* the accounts were named: they are tried whatever failed before */
	long sessions;    /* at once with one server */
	bool quiet;       /* no progress on a terminal */
	bool always;      /* -v: trouble is told in any case */
};

/* The exit status; all that went wrong has been said. */
int run_fetch(const struct run_plan *plan);

/* To stdout, or into the programs of `line`; *into (then) and *feed are the caller's. */
int run_open_stream(const char *line, struct feed **feed, struct into **into,
	struct fault *why);

/* A stream of nothing, so that the readers of the pipe add no line of their own. */
void run_nothing(void);

#endif
