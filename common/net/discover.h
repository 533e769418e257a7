/*
 * The servers of a mail address: what is known of its provider, else what the domain's SRV
 * records say (RFC 6186; RFC 8314 section 5.1), else names that are usual.
 *
 * Candidates only; nothing is contacted but the name server. All are protected by TLS, by
 * implicit TLS first (RFC 8314 section 3); others are no candidates.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_DISCOVER_H
#define COMMON_NET_DISCOVER_H

#include "common/net/provider.h"
#include "common/net/srv.h"
#include "common/net/wire.h"

enum discover_source { DISCOVER_KNOWN, DISCOVER_RECORD, DISCOVER_GUESS };

struct discover_server {
	enum wire_protocol protocol;
	enum wire_tls tls; /* never WIRE_TLS_NONE */
	char *host;        /* owned */
	long port;
	enum discover_source source;
	/*
	 * A record names a host that does not lie in the domain of the address. Records are not
	 * signed: the user has to confirm it before it is contacted (RFC 6186 section 6,
	 * RFC 8314 section 5.1). The certificate must then be good for this host.
	 */
	bool foreign;
};

struct discover_list {
	struct discover_server *at;
	size_t count;
};

struct discovered {
	const struct provider *provider; /* NULL: none that is known */
	struct discover_list access;     /* IMAP and POP3, the best first */
	struct discover_list submission;
	bool denied;                     /* the domain says that it offers no such access */
	struct strings troubles;         /* look-ups that failed, a sentence each */
};

#define AUTO_DISCOVERED __attribute__((cleanup(discovered_free))) struct discovered
void discovered_free(struct discovered *d);

struct discover_wish {
	const char *domain;                 /* srv_is_host */
	const struct sockaddr_in *resolver; /* NULL: the system's */
	bool imap, pop3;                    /* which are wanted; at least one */
};

/* Blocking, for the time of some look-ups. Frees nothing of *out first. */
void discover_servers(const struct discover_wish *wish, struct discovered *out);

#endif
