/*
 * The command line of mr-fetch setup, and what follows from it and the configuration.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_SETUP_WISH_H
#define FETCH_VERBS_SETUP_WISH_H

#include "common/net/discover.h"
#include "fetch/account.h"

struct setup_wish {
	const char *name, *protocol, *host, *user, *resolver, *ca_file; /* as given, or NULL */
	const char *password_command;
	const char *client_id, *client_secret_command;
	bool store, yes, print, help;

	/* From here on made by setup_wish_read; owned but for address. */
	const char *address;
	char *domain;          /* of small letters */
	char *account;         /* the name of the group */
	char *ca_path;         /* ca_file from the root, or NULL */
	char *path;            /* of the configuration, there or not */
	struct strings users;  /* names to log in by, in this order */
	struct sockaddr_in server; /* of --resolver */
	struct discover_wish discover;
	struct accounts accounts;  /* that are there */
	struct config *config;     /* NULL: no file */
	bool smarthost;            /* one is there */
	bool terminal;
};

#define AUTO_SETUP_WISH __attribute__((cleanup(setup_wish_free))) struct setup_wish
void setup_wish_free(struct setup_wish *w);

/*
 * Everything that can be wrong before anybody is contacted: FAULT_USAGE, and FAULT_CONFIG for
 * a configuration that is broken already. With --help nothing but that is read.
 */
int setup_wish_read(struct setup_wish *w, const char *config, int argc, char **argv,
	struct fault *why);

/* One host that was named instead of searched for, added to an empty list. */
int setup_wish_host(const struct setup_wish *w, struct discover_list *out, struct fault *why);

#endif
