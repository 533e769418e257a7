/*
 * SCRAM's talk, client side, with and without channel binding (RFC 5802, 7677, 5929, 9266).
 *
 * Ours and not libgsasl's: that one (2.2.0) cannot tell a server that we could have bound
 * the channel (gs2-cbind-flag "y"), which is what shows that somebody took "-PLUS" out of
 * the server's offer.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SCRAM_CLIENT_H
#define COMMON_NET_SCRAM_CLIENT_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* What only the two ends of one TLS connection know. */
struct scram_binding {
	const char *type; /* "tls-exporter", "tls-unique": constants; NULL: none is known */
	unsigned char bytes[64];
	size_t len;
};

struct scram_client {
	bool sha256;          /* else SHA-1 */
	const char *user;     /* these three are borrowed */
	const char *password;
	const struct scram_binding *binding; /* NULL: we cannot bind */
	bool bind;            /* "-PLUS": p=TYPE; else "y" with a binding and "n" without */

	unsigned steps;       /* from here on its own */
	struct buf header;    /* gs2-header */
	struct buf first;     /* client-first-message-bare */
	size_t nonce;         /* where our nonce begins in it */
	struct buf expected;  /* base64 of ServerSignature */
};

void scram_client_free(struct scram_client *s);

/*
 * One word for each challenge, the first of which is empty: 1 the exchange is over and the
 * server has proved that it knows the password; 0 it goes on; -1 FAULT_LOGIN: the server
 * refuses, does not know the password or answers somebody else; FAULT_PROTOCOL: nonsense;
 * FAULT_CONFIG: user or password that SASLprep forbids.
 */
int scram_client_step(struct scram_client *s, struct slice challenge, struct buf *response,
	struct fault *why);

#endif
