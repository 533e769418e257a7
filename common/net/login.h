/*
 * From a server's description to a session that is logged in: secret, connection, barrier,
 * capabilities, SASL.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_LOGIN_H
#define COMMON_NET_LOGIN_H

#include "common/net/secret.h"
#include "common/net/server.h"

struct session {
	struct wire *wire;           /* owned; its input is empty but for what came unasked */
	struct strings capabilities; /* after login: IMAP atoms, CAPA lines, EHLO lines */
	const char *mechanism;       /* SASL's name, or "LOGIN", "USER"; NULL: no login */
	bool preauth;                /* IMAP: the server greeted with PREAUTH */
	struct hook *after;          /* owned: the postconnect, or NULL */
};

#define AUTO_SESSION __attribute__((cleanup(session_close))) struct session

/*
 * Blocking; may run in a thread of its own. `hello` is our EHLO name (SMTP only; NULL: the
 * machine's). The secret is got before anything is contacted (but for
 * a tunnel that may greet with PREAUTH), then the preconnect is run.
 *
 * FAULT_CONFIG: no secret (secret_get); FAULT_LOGIN: the server refused,
 * with its words, or offers no way to log in that we may use; FAULT_TEMP: network,
 * certificate, timeouts, [UNAVAILABLE], [INUSE], [SYS/TEMP], 4xx; FAULT_PROTOCOL:
 * nonsense. Without `user` no login is tried. One mechanism is tried, the strongest that
 * both know: never a weaker one after it failed. No secret goes over an unencrypted
 * connection unless tls = "none" was configured.
 *
 * The whole login may take four times server->timeout (LIMIT: against a server that drips),
 * each wait once.
 */
int session_open(enum wire_protocol protocol, const struct server *server, const char *hello,
	int cancel_fd, struct session *out, struct fault *why);

/*
 * The second half of it, over a wire that was opened otherwise. Owns `w` from here on, also
 * after a fault. `secret` may be NULL or empty when server->user is NULL.
 */
int session_start(enum wire_protocol protocol, const struct server *server, const char *hello,
	const struct secret *secret, struct wire *w, struct session *out, struct fault *why);

/*
 * Closes without a word, then runs the postconnect (Blocking, 10 s at most). Harmless on an
 * all-zero session.
 */
void session_close(struct session *s);

/* Case-insensitive; `name` may be "AUTH=PLAIN" or a keyword before a blank ("SIZE"). */
bool session_can(const struct session *s, const char *name);
/* Text behind the keyword ("SIZE 1000" gives "1000", "PIPELINING" gives ""), or NULL. */
const char *session_parameter(const struct session *s, const char *name);

#endif
