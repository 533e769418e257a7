/*
 * A TLS handshake as we see it: the rules are applied within it, and what came out of it is
 * told. OpenSSL under libcurl; its types are void here.
 *
 * A certificate that the rules refuse ends the handshake by an alert: not a byte of the
 * protocol within TLS is sent.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_HANDSHAKE_H
#define COMMON_NET_HANDSHAKE_H

#include <stdint.h>

#include "common/net/known_key.h"
#include "common/net/scram_client.h"
#include "common/net/trust.h"

/* What is known of the other side, and of the connection, after the handshake. */
struct handshake_facts {
	char version[16]; /* "TLSv1.3" */
	int64_t ends;     /* of the certificate, seconds since 1970; 0: it cannot be read */
	struct pin key;
	struct pin certificate;
	struct scram_binding binding; /* type NULL: none that may be used */
};

struct handshake;

/* `rules` are borrowed until the handshake is over, `known` (NULL: not first-use), too. */
struct handshake *handshake_new(const struct trust_rules *rules, struct known_key *known);
void handshake_free(struct handshake *h);

/* Puts the rules into libcurl's SSL_CTX, after libcurl's own settings. */
void handshake_prepare(struct handshake *h, void *context);

/* Why a certificate was refused by pins or the known key; NULL: it was not. */
const char *handshake_refusal(const struct handshake *h);

/* After it: false when there was none. Once. */
bool handshake_end(struct handshake *h, struct handshake_facts *out);

#endif
