/*
 * Questions to a provider (RFC 6749 section 3.2, RFC 8628 section 3.1).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_ASK_H
#define COMMON_NET_OAUTH_ASK_H

#include "common/net/https.h"
#include "common/net/oauth/answer.h"
#include "common/net/oauth/client.h"

/* LIMIT: one request, all of it. */
enum { OAUTH_ASK_MS = 30 * 1000 };

/*
 * Blocking: posts the form to one of the client's URLs; client id and secret are added to
 * it (section 2.3.1). 0: some answer came; -1: FAULT_TEMP (network; 5xx, 429, 408),
 * FAULT_PROTOCOL, FAULT_CONFIG. The status is 0 when nothing came.
 */
int oauth_post(const struct oauth_client *c, const char *url, int cancel_fd,
	struct buf *form, struct https_answer *out, struct fault *why);

/*
 * The same at the token endpoint, the answer read: tokens or an error code. *retry: seconds
 * that the provider wants to be left alone; *asked: it did answer, well or not. Both may be
 * NULL.
 */
int oauth_ask(const struct oauth_client *c, int cancel_fd, struct buf *form,
	struct oauth_answer *out, int64_t *retry, bool *asked, struct fault *why);

/*
 * What an error code in an answer to a login means: FAULT_LOGIN, FAULT_CONFIG or FAULT_TEMP,
 * with the provider's words.
 */
int oauth_refused(const struct oauth_client *c, const char *error, const struct buf *detail,
	struct fault *why);

#endif
