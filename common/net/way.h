/*
 * How a server is reached when not straight: the rows of the configuration, and whether
 * they make sense together.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_WAY_H
#define COMMON_NET_WAY_H

#include "common/base/settings.h"

enum way_family { WAY_ANY, WAY_IPV4, WAY_IPV6 };

/* All zero: straight to the server, whatever the environment says of proxies. */
struct way {
	char *tunnel;         /* run by /bin/sh -c: its stdin and stdout are the server */
	char *unix_socket;    /* the server listens here */
	char *proxy;          /* SCHEME://[USER@]HOST:PORT or "environment" */
	char *proxy_password_command;
	char *source_address; /* of ours, to come from */
	int family;           /* enum way_family */
	char *preconnect;     /* run by /bin/sh -c before each connection */
	char *postconnect;    /* and after its end */
};

/* Rows for a struct `type` that has `struct way member`. */
#define WAY_SETTINGS(type, member)                                                          \
	SETTING(type, member.tunnel, "tunnel", TEXT, NULL,                                      \
		"shell command whose stdin and stdout are the server"),                         \
	SETTING(type, member.unix_socket, "unix-socket", PATH, NULL,                            \
		"socket on which the server listens"),                                          \
	SETTING(type, member.proxy, "proxy", TEXT, NULL,                                        \
		"socks5h://, socks5://, socks4a:// or http:// proxy, or environment"),          \
	SETTING(type, member.proxy_password_command, "proxy-password-command", TEXT, NULL,      \
		"shell command that prints the password for the proxy"),                        \
	SETTING(type, member.source_address, "source-address", TEXT, NULL,                      \
		"address of this machine to connect from"),                                     \
	SETTING_CHOOSE(type, member.family, "family", "any|ipv4|ipv6", "any",                   \
		"addresses of the server to use"),                                              \
	SETTING(type, member.preconnect, "preconnect", TEXT, NULL,                              \
		"shell command before each connection"),                                        \
	SETTING(type, member.postconnect, "postconnect", TEXT, NULL,                            \
		"shell command after each connection")

/* FAULT_CONFIG: two ways at once, or one that cannot be right. Contacts nobody. */
int way_check(const struct way *w, struct fault *why);

/* What stands in `proxy`. */
struct way_proxy {
	struct slice scheme; /* "socks5h", ... */
	struct slice user;   /* empty: none */
	struct slice host;   /* with brackets around an IPv6 address */
	struct slice port;   /* never empty */
};

/* False when it is malformed, or holds a password. Slices borrow from `proxy`. */
bool way_proxy_read(const char *proxy, struct way_proxy *out);

#endif
