/*
 * Accounts as the configuration describes them: section `account`, one group each.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_ACCOUNT_H
#define FETCH_ACCOUNT_H

#include "common/net/server.h"
#include "fetch/afterwards.h"
#include "fetch/choice.h"
#include "fetch/hand/multidrop.h"
#include "fetch/hand/trace.h"

enum account_protocol { ACCOUNT_IMAP, ACCOUNT_POP3 };

struct account {
	char *name;
	char *where;   /* FILE:LINE of its group */
	/*
	 * Where its messages lie, whatever the account is called: "imap/HOST/USER/" or
	 * "pop3/HOST/USER/", "/" and "%" in host and user as %XX. A port that is not the
	 * protocol's own belongs to the host: two servers behind tunnels must not be one.
	 */
	char *place;
	int protocol;
	struct server server;
	struct strings folders; /* IMAP: see fetch/imap/pick.h */
	bool subscribed;        /* IMAP: only those */
	struct choice choice;
	bool prefilter;         /* the rules see headers first */
	bool keep;              /* also when delete-after is set */
	struct afterwards after;
	bool flags;             /* IMAP: flags come with the message */
	bool labels;            /* Gmail: its labels, too */

	uint64_t rate; /* bytes per second; 0: as many as come */
	int64_t grace; /* milliseconds of trouble that are not told */

	/* watching */
	long connections;
	int64_t poll; /* milliseconds */
	int64_t idle;

	/* handing on */
	struct multidrop multidrop;
	struct trace trace;
};

void account_free(struct account *a);

/* The same name and settings: whoever works for one works for the other. */
bool account_same(const struct account *a, const struct account *b);

struct accounts {
	struct account *at;
	size_t count;
	bool named; /* asked for by name: none of them is passed over in silence */
};

#define AUTO_ACCOUNTS __attribute__((cleanup(accounts_free))) struct accounts
void accounts_free(struct accounts *a);

/*
 * Reads the accounts named in `names` (all when there are none), in this order. An account
 * that is not there is FAULT_CONFIG, and so is one that bears the name of a verb.
 */
int accounts_read(const struct config *config, const struct strings *names,
	struct accounts *out, struct fault *why);

/* The verbs of mr-fetch, also of versions to come: no account may be called so. */
bool account_is_verb(const char *word);

#endif
