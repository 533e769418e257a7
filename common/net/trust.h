/*
 * Which certificates are good, and ours: the rules that the configuration gives.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_TRUST_H
#define COMMON_NET_TRUST_H

#include "common/base/settings.h"

enum trust_way { TRUST_CA, TRUST_PIN, TRUST_FIRST_USE };
enum trust_least { TRUST_TLS_1_2, TRUST_TLS_1_3 };

/* All zero: the authorities of the system, TLS 1.2 at least, no certificate of ours. */
struct trust_rules {
	int least;       /* enum trust_least */
	char *ca_file;   /* PEM; with ca_dir, instead of the system's */
	char *ca_dir;    /* names by hash, as of "openssl rehash" */
	char *name;      /* that the certificate must bear and SNI says; NULL: the host */
	int way;         /* enum trust_way */
	struct strings pins; /* pin.h; with TRUST_CA both must hold */
	char *cert_file; /* PEM: our certificate, then those between it and the authority */
	int64_t warn;    /* milliseconds before its end: expiry.h; 0: never */
	char *key_file;  /* PEM; NULL: in cert_file */
};

/* Rows for a struct `type` that has `struct trust_rules member`. */
#define TRUST_SETTINGS(type, member)                                                        \
	SETTING_CHOOSE(type, member.least, "tls-min", "1.2|1.3", "1.2",                         \
		"oldest version of TLS that is good enough"),                                   \
	SETTING(type, member.ca_file, "ca-file", PATH, NULL,                                    \
		"certificates to trust instead of the system's"),                               \
	SETTING(type, member.ca_dir, "ca-dir", PATH, NULL,                                      \
		"directory of certificates to trust instead of the system's"),                  \
	SETTING(type, member.name, "tls-name", TEXT, NULL,                                      \
		"name that the certificate must bear, when it is not host"),                    \
	SETTING_CHOOSE(type, member.way, "trust", "ca|pin|first-use", "ca",                     \
		"what makes a certificate good"),                                               \
	SETTING(type, member.pins, "pins", LIST, NULL,                                          \
		"fingerprints of the server's key or certificate"),                             \
	SETTING(type, member.cert_file, "cert-file", PATH, NULL,                                \
		"our own certificate, for servers that ask for one"),                           \
	SETTING(type, member.warn, "cert-warn", TIME, "14d",                                    \
		"tell when the server's certificate ends within this time"),                    \
	SETTING(type, member.key_file, "key-file", PATH, NULL, "the key to cert-file")

/*
 * FAULT_CONFIG: rules that contradict each other, a pin that is none, a file that cannot be
 * read, a certificate of ours without its key, or a key under a passphrase (nobody could be
 * asked for it) or readable by everybody. Contacts nobody. `tls` false: no TLS at all, so
 * that no rule may be there.
 */
int trust_rules_check(const struct trust_rules *rules, bool tls, struct fault *why);

#endif
