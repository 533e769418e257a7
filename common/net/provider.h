/*
 * Mail providers that many people use: their servers need not be looked for.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_PROVIDER_H
#define COMMON_NET_PROVIDER_H

#include "common/net/oauth/settings.h"

struct provider {
	const char *title;   /* for sentences */
	const char *domains; /* parted by blanks */
	const char *imap;    /* host, port 993, implicit TLS; NULL: there is none */
	const char *pop3;    /* the same, port 995 */
	const char *smtp;    /* submission; port 465 and implicit TLS, or */
	bool starttls;       /* ... port 587 and STARTTLS */
	int oauth;           /* enum oauth_provider: what logs in; OAUTH_NONE: a password */
	const char *hint;    /* what to do there first, a whole sentence; NULL: nothing */
};

/* By the domain of an address, letters of any case; NULL: none of them. */
const struct provider *provider_find(const char *domain);

/* The value of the setting `oauth` ("gmail"); NULL when a password logs in. */
const char *provider_oauth_name(const struct provider *p);

#endif
