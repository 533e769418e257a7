/*
 * A server as the configuration describes it: the rows that accounts and smart hosts share.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SERVER_H
#define COMMON_NET_SERVER_H

#include "common/net/oauth/settings.h"
#include "common/net/trust.h"
#include "common/net/way.h"
#include "common/net/wire.h"

struct server {
	char *host;
	long port; /* 0: by protocol and tls */
	int tls;   /* enum wire_tls */
	struct trust_rules trust;
	struct way way;
	char *user;             /* NULL: no login */
	char *password_command; /* run by /bin/sh -c, stdin closed, 60 s */
	char *password;
	char *credential;       /* of systemd: a file in $CREDENTIALS_DIRECTORY */
	struct strings keyring; /* attributes for secret-tool */
	char *netrc;
	char *token_command; /* prints an OAuth2 access token: XOAUTH2, OAUTHBEARER */
	struct oauth_settings oauth; /* tokens that we get and renew ourselves */
	struct strings auth; /* mechanisms allowed, in order; empty: the default order */
	int64_t timeout;     /* milliseconds */
	bool compress;       /* IMAP: COMPRESS=DEFLATE where it is offered */

	/* Not read from the file: set by who read it. */
	const char *name;    /* of the account or smart host; borrowed, may be NULL */
	const char *place;   /* FILE:LINE of the section, for sentences; borrowed, may be NULL */
	const char *account; /* for "mr-fetch login NAME"; borrowed, NULL: a smart host */
};

/* Where the secret lies: secret.h. */
#define SECRET_SETTINGS(type, member)                                                       \
	SETTING(type, member.password_command, "password-command", TEXT, NULL,                  \
		"shell command whose first output line is the password"),                       \
	SETTING(type, member.password, "password", TEXT, NULL, "the password itself"),          \
	SETTING(type, member.credential, "credential", TEXT, NULL,                              \
		"systemd credential that holds the password"),                                  \
	SETTING(type, member.keyring, "keyring", LIST, NULL,                                    \
		"attributes under which secret-tool finds the password"),                       \
	SETTING(type, member.netrc, "netrc", PATH, NULL, "netrc file with the password"),       \
	SETTING(type, member.token_command, "token-command", TEXT, NULL,                        \
		"shell command that prints an OAuth2 access token"),                            \
	OAUTH_SETTINGS(type, member.oauth)

/* Rows for a struct `type` that has `struct server member`. */
#define SERVER_SETTINGS(type, member)                                                       \
	{ .name = "host", .kind = SETTING_TEXT, .offset = offsetof(struct type, member.host),   \
		.required = true, .help = "name or address of the server" },                    \
	SETTING_RANGE(type, member.port, "port", 1, 65535, "0", "default by protocol and tls"), \
	SETTING_CHOOSE(type, member.tls, "tls", "implicit|starttls|none", "implicit",           \
		"how the connection is protected"),                                             \
	TRUST_SETTINGS(type, member.trust),                                                     \
	WAY_SETTINGS(type, member.way),                                                         \
	SETTING(type, member.user, "user", TEXT, NULL, "login name"),                           \
	SECRET_SETTINGS(type, member),                                                          \
	SETTING(type, member.auth, "auth", LIST, NULL, "SASL mechanisms allowed, in order"),    \
	SETTING(type, member.timeout, "timeout", TIME, "60s",                                   \
		"give up after so long without a byte")

#endif
