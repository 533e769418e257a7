/*
 * An application at a provider, ready to be used: the settings of a server, completed by
 * what is known of the provider.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_CLIENT_H
#define COMMON_NET_OAUTH_CLIENT_H

#include "common/net/server.h"

struct oauth_client {
	const struct server *server; /* borrowed; must outlive this */
	const char *title;    /* "Google": for sentences */
	const char *id;       /* borrowed from server */
	const char *further;  /* "&name=value" for the auth URL, or "" */
	const char *redirect; /* the redirect URL as registered; without a port any will do */
	enum oauth_flow flow; /* never OAUTH_AUTO */
	char *auth_url;       /* NULL when not known */
	char *token_url;
	char *device_url;
	char *scope;          /* words parted by blanks */
	char *key;            /* of the token store: provider and user, fit for a file name */
};

#define AUTO_OAUTH_CLIENT __attribute__((cleanup(oauth_client_free))) struct oauth_client

/*
 * FAULT_CONFIG with FILE:LINE: what is missing or does not fit, and how to get it. Contacts
 * nobody, runs nothing. *out is to be freed after a fault, too.
 */
int oauth_client_make(const struct server *server, struct oauth_client *out,
	struct fault *why);
void oauth_client_free(struct oauth_client *c);

/*
 * The client secret (owned, to be wiped), NULL when the application has none. Runs
 * client-secret-command: FAULT_CONFIG when it fails, FAULT_TEMP when cancel_fd
 * became readable.
 */
int oauth_client_secret(const struct oauth_client *c, int cancel_fd, char **out,
	struct fault *why);

/* "mr-fetch login work", or words for those who have no account of that name. */
void oauth_client_remedy(const struct oauth_client *c, struct buf *out);

/* Whether each word of `wanted` is in `given`; the first that is not (may be NULL). */
bool oauth_scope_covers(const char *given, const char *wanted, struct slice *missing);

#endif
