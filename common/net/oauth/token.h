/*
 * A valid access token for a server with `oauth` set: from the store, else by a refresh
 * (RFC 6749 section 6), of which there is one at a time among all processes of a user.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_TOKEN_H
#define COMMON_NET_OAUTH_TOKEN_H

#include "common/net/oauth/answer.h"
#include "common/net/oauth/client.h"

/*
 * Blocking; *out is owned and to be wiped. A token is renewed before it runs out (five
 * minutes or a tenth of its life, at most half of it); what comes is stored before it is
 * used. When the provider cannot be reached, the old one serves as long as it lives.
 *
 * FAULT_LOGIN: nobody has logged in, or the provider takes the login back; it is not asked
 * again before mr-fetch login. FAULT_CONFIG: settings, or it does not know the application.
 * FAULT_TEMP, FAULT_PROTOCOL: network, 5xx, nonsense; after answers of that kind it is left
 * alone for a minute, then two, up to an hour.
 */
int oauth_token(const struct server *server, int cancel_fd, char **out, struct fault *why);

/*
 * A mail server refused `token`, which should be valid. Renews it although it has time left,
 * once a day at most. 1: *out is another one, worth one more try; 0: there is none, *why is
 * as it was; -1 FAULT_LOGIN: the provider takes the login back, which explains it.
 */
int oauth_token_renew(const struct server *server, int cancel_fd, const char *token,
	char **out, struct fault *why);

/* Stores what a login got: replaces what was known. FAULT_TEMP. */
int oauth_token_keep(const struct oauth_client *c, int cancel_fd,
	const struct oauth_answer *answer, struct fault *why);

#endif
