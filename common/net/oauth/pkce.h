/*
 * Proof Key for Code Exchange (RFC 7636): who began a login is the one who ends it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_PKCE_H
#define COMMON_NET_OAUTH_PKCE_H

#include "common/base/buf.h"

/* Section 4.1: adds 64 random characters of the unreserved ones. */
void pkce_verifier(struct buf *out);

/* Section 4.2, S256: adds BASE64URL(SHA256(verifier)), without padding. */
void pkce_challenge(struct slice verifier, struct buf *out);

#endif
