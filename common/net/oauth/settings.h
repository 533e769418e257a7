/*
 * OAuth2 as the configuration describes it: rows of accounts and smart hosts.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_SETTINGS_H
#define COMMON_NET_OAUTH_SETTINGS_H

#include "common/base/settings.h"

enum oauth_provider {
	OAUTH_NONE,
	OAUTH_GMAIL,
	OAUTH_MICROSOFT,
	OAUTH_YAHOO,
	OAUTH_FASTMAIL,
	OAUTH_CUSTOM,
};

enum oauth_flow { OAUTH_AUTO, OAUTH_BROWSER, OAUTH_DEVICE };

struct oauth_settings {
	int provider; /* enum oauth_provider */
	char *client_id;
	char *client_secret;
	char *client_secret_command;
	char *auth_url; /* these replace what the provider's row has */
	char *token_url;
	char *device_url;
	char *redirect_url;
	char *scope;
	char *tenant;
	char *ca_file;
	int flow; /* enum oauth_flow */
};

#define OAUTH_SETTINGS(type, member)                                                         \
	SETTING_CHOOSE(type, member.provider, "oauth",                                       \
		"none|gmail|microsoft|yahoo|fastmail|custom", "none",                        \
		"who gives the OAuth2 tokens of this user"),                                 \
	SETTING(type, member.client_id, "client-id", TEXT, NULL,                             \
		"the OAuth2 application, as registered with the provider"),                  \
	SETTING(type, member.client_secret, "client-secret", TEXT, NULL, "its secret"),      \
	SETTING(type, member.client_secret_command, "client-secret-command", TEXT, NULL,     \
		"shell command whose first output line is its secret"),                      \
	SETTING(type, member.auth_url, "oauth-auth-url", TEXT, NULL,                         \
		"page on which the user agrees"),                                            \
	SETTING(type, member.token_url, "oauth-token-url", TEXT, NULL, "where tokens are"),  \
	SETTING(type, member.device_url, "oauth-device-url", TEXT, NULL,                     \
		"where device codes are"),                                                   \
	SETTING(type, member.redirect_url, "oauth-redirect-url", TEXT, NULL,                 \
		"where the browser is sent back to"),                                        \
	SETTING(type, member.scope, "oauth-scope", TEXT, NULL, "what is asked for"),         \
	SETTING(type, member.tenant, "oauth-tenant", TEXT, "common", "Microsoft's directory"), \
	SETTING(type, member.ca_file, "oauth-ca-file", PATH, NULL,                           \
		"certificates to trust at the provider instead of the system's"),            \
	SETTING_CHOOSE(type, member.flow, "oauth-flow", "auto|browser|device", "auto",       \
		"how mr-fetch login asks the user")

#endif
