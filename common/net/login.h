/*
 * From a server's description to a session that is logged in: secret, connection, barrier,
 * capabilities, SASL.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_LOGIN_H
#define COMMON_NET_LOGIN_H

#include "common/net/server.h"

struct session {
	struct wire *wire;           /* owned */
	struct strings capabilities; /* after login: IMAP atoms, CAPA lines, EHLO lines */
	bool preauth;
};

#define AUTO_SESSION __attribute__((cleanup(session_close))) struct session

/*
 * Blocking; may run in a thread of its own. `hello` is our EHLO name (SMTP only).
 * FAULT_CONFIG: the password command fails or no secret; FAULT_LOGIN: the server refused,
 * with its words; FAULT_TEMP: network, certificate, timeouts, [UNAVAILABLE], [INUSE], 4xx;
 * FAULT_PROTOCOL: nonsense. Without `user` no login is tried. A mechanism weaker than the
 * one that failed is never tried after it. No secret goes over an unencrypted connection
 * unless tls = "none" was configured.
 */
int session_open(enum wire_protocol protocol, const struct server *server, const char *hello,
	int cancel_fd, struct session *out, struct fault *why);

/* Closes without a word. */
void session_close(struct session *s);

/* Case-insensitive; `name` may be "AUTH=PLAIN" or a keyword before a blank ("SIZE"). */
bool session_can(const struct session *s, const char *name);
/* Text behind the keyword ("SIZE 1000" gives "1000"), or NULL. */
const char *session_parameter(const struct session *s, const char *name);

#endif
