/*
 * The password or token of a server: where it lies, and how it is got.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SECRET_H
#define COMMON_NET_SECRET_H

#include <stdbool.h>

#include "common/net/server.h"

struct secret {
	char *text; /* owned; NULL when none */
	bool token; /* an OAuth2 access token, no password */
};

#define AUTO_SECRET __attribute__((cleanup(secret_wipe))) struct secret

/*
 * FAULT_CONFIG, naming both, when the server has two settings that each say where its
 * secret lies, and when one of them can never be right. Looks at nothing else.
 */
int secret_check(const struct server *server, struct fault *why);

/*
 * From the one place that is configured (oauth, token-command, password-command, password,
 * credential, keyring, netrc); without any of them from ~/.netrc, and if that has none for
 * the server, from whoever sits at the terminal (asked once per process, see secret_forget).
 * Commands have no stdin and no terminal, 60 s, and their first line is the secret.
 * Contacts nobody but the provider of OAuth2 tokens; any thread may call it. FAULT_CONFIG:
 * there is none, or its place is broken; FAULT_TEMP: cancel_fd became readable; and the
 * faults of oauth_token.
 */
int secret_get(const struct server *server, int cancel_fd, struct secret *out,
	struct fault *why);

/*
 * The server refused what secret_get gave. 1: *s was replaced by another one, worth one more
 * try (a token renewed before its time, rarely: oauth_token_renew); 0: there is none; -1: nor
 * will there be one, and *why, which was the server's, says so better.
 */
int secret_renew(const struct server *server, int cancel_fd, struct secret *s,
	struct fault *why);

/* The server refused it: what was typed for it is not used again. Others are not kept. */
void secret_forget(const struct server *server);

/* Overwrites and frees it. */
void secret_wipe(struct secret *s);

#endif
