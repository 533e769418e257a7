/*
 * The password or token of a server: from a command, or from the configuration.
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
 * token-command, else password-command, else password. A command is run by /bin/sh -c with
 * stdin closed, without a terminal, for 60 s at most; the first line of its output is the
 * secret. Contacts nobody. FAULT_CONFIG: no secret is configured, the command fails (with
 * the last line of its stderr) or prints none; FAULT_TEMP: cancel_fd became readable.
 */
int secret_get(const struct server *server, int cancel_fd, struct secret *out,
	struct fault *why);

/* Overwrites and frees it. */
void secret_wipe(struct secret *s);

#endif
