/*
 * LMTP (RFC 2033): how a mail server's own delivery takes messages, without a queue; one
 * reply for each recipient. It is spoken on this machine, or on a network that is trusted:
 * no TLS, no login. What follows is common/net/smtp with `lmtp` set.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_LMTP_H
#define COMMON_NET_LMTP_H

#include "common/net/login.h"

struct lmtp_plan {
	const char *path;   /* a Unix socket; NULL: host and port */
	const char *host;
	long port;
	const char *hello;  /* our name for LHLO; one word */
	int64_t timeout_ms; /* for the connection, and between two bytes */
};

/*
 * Blocking: connects, takes the greeting, says LHLO. FAULT_TEMP: nobody there, or a server
 * that says no; FAULT_PROTOCOL: nonsense.
 */
int lmtp_open(const struct lmtp_plan *plan, struct session *out, struct fault *why);

#endif
