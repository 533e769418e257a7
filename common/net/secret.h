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
 * From the one place that is configured (token-command, password-command, password,
 * credential, keyring, netrc); without any of them from ~/.netrc, and if that has none for
 * the server, from whoever sits at the terminal (asked once per process, see secret_forget).
 * Commands have no stdin and no terminal, 60 s, and their first line is the secret.
 * Contacts nobody; any thread may call it. FAULT_CONFIG: there is none, or its place is
 * broken; FAULT_TEMP: cancel_fd became readable.
 */
int secret_get(const struct server *server, int cancel_fd, struct secret *out,
	struct fault *why);

/* The server refused it: what was typed for it is not used again. Others are not kept. */
void secret_forget(const struct server *server);

/* Overwrites and frees it. */
void secret_wipe(struct secret *s);

#endif
