/*
 * SASL (RFC 4422) without a socket: which mechanism, and what to answer.
 *
 * SCRAM-SHA-256 (RFC 7677) and SCRAM-SHA-1 (RFC 5802), with channel binding ("-PLUS") and
 * without, are in scram_client; CRAM-MD5 (RFC 2195), PLAIN (RFC 4616), LOGIN and EXTERNAL are
 * libgsasl's; XOAUTH2 and OAUTHBEARER (RFC 7628) are ours. ANONYMOUS never.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SASL_H
#define COMMON_NET_SASL_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

struct scram_binding;

/* Who logs in where. All borrowed; they must outlive the exchange. */
struct sasl_identity {
	const char *user;
	const char *secret;
	bool token;        /* the secret is an OAuth2 access token */
	const char *host;  /* as configured */
	long port;
	const struct scram_binding *binding; /* what SCRAM can bind to; NULL: nothing */
	bool binding_offered; /* by the server: set by sasl_choose */
};

/*
 * The mechanism to use, from those the server offers (names, any case), or NULL when none
 * fits. With `allowed` (may be empty or NULL) only those, in that order; else the default
 * order, strongest first; EXTERNAL only when allowed names it. A token goes only to token
 * mechanisms, a password never; "-PLUS" only when there is something to bind to. The text
 * is a constant.
 */
const char *sasl_choose(const struct strings *offered, const struct strings *allowed,
	struct sasl_identity *who);

struct sasl;

/* FAULT_CONFIG for an unknown mechanism. *out is owned (sasl_end). */
int sasl_begin(const char *mechanism, const struct sasl_identity *who, struct sasl **out,
	struct fault *why);
void sasl_end(struct sasl *s);
#define AUTO_SASL __attribute__((cleanup(sasl_end_at))) struct sasl
void sasl_end_at(struct sasl **s);

const char *sasl_mechanism(const struct sasl *s);

/* True when the client speaks first: an initial response may stand in the command. */
bool sasl_client_first(const struct sasl *s);

/*
 * Takes a challenge (decoded; empty for the first word of a client-first mechanism) and
 * fills *response (decoded). FAULT_PROTOCOL: the challenge is nonsense; FAULT_LOGIN: the
 * server does not prove that it knows the password; answer "*" in both cases.
 */
int sasl_step(struct sasl *s, struct slice challenge, struct buf *response,
	struct fault *why);

/*
 * May the server's "success" be believed? Not before the exchange is over on our side:
 * SCRAM's last message proves that the server knows the password.
 */
bool sasl_is_done(const struct sasl *s);

/* What a token mechanism told in its error challenge (RFC 7628 3.2.2), or NULL. */
const char *sasl_complaint(const struct sasl *s);

/* Base64, strictly by the alphabet. */
void sasl_encode(struct slice bytes, struct buf *out);
bool sasl_decode(struct slice text, struct buf *out);

#endif
