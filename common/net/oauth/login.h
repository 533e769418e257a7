/*
 * The user and a login in progress: what the two ways to log in have in common.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_LOGIN_H
#define COMMON_NET_OAUTH_LOGIN_H

#include "common/net/oauth/answer.h"
#include "common/net/oauth/client.h"

/* Nothing in common/net prints: this is the caller's terminal. */
struct oauth_user {
	/* Open this URL; `code` (may be NULL) is to be typed there. Both fit to be shown. */
	void (*show)(void *state, const char *url, const char *code);
	/* What was pasted is not it, and why. */
	void (*hint)(void *state, const char *sentence);
	void *state;
	int in;         /* lines that the user pastes; -1: none */
	int cancel_fd;  /* -1: none */
	int64_t patience_ms; /* for the browser */
};

/*
 * RFC 8252: shows the URL of the provider's page and waits for the browser to come back to
 * a port of 127.0.0.1, or for its address to be pasted; PKCE, `state` checked.
 */
int oauth_browser(const struct oauth_client *c, const struct oauth_user *user,
	struct oauth_answer *out, struct fault *why);

/* RFC 8628: shows a code and where to type it, and asks until it was. */
int oauth_device(const struct oauth_client *c, const struct oauth_user *user,
	struct oauth_answer *out, struct fault *why);

/*
 * For both: 0, *out has tokens. FAULT_LOGIN: the user or the provider said no, or nobody came
 * in time; FAULT_CONFIG: the application is not right; FAULT_TEMP, FAULT_PROTOCOL.
 */

#endif
