/*
 * SRV records (RFC 2782): which hosts offer a service of a domain, in the order to try them.
 *
 * What comes back is not signed: whoever sits between us and the name server may have written
 * it. It is a suggestion for a person (RFC 6186 section 6), never asked at a connection.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SRV_H
#define COMMON_NET_SRV_H

#include <netinet/in.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

struct srv {
	char *target; /* owned: a host name without a dot at its end */
	uint16_t port; /* never 0 */
	uint16_t priority;
	uint16_t weight;
};

/* All zero is empty. */
struct srv_list {
	struct srv *at;
	size_t count;
	bool denied; /* a record says that the domain does not offer it: target "." */
};

#define AUTO_SRV_LIST __attribute__((cleanup(srv_list_free))) struct srv_list
void srv_list_free(struct srv_list *list);

/*
 * The host names and ports in a DNS answer, in its order, added to *out. A record whose target
 * can be no host is left out. FAULT_PROTOCOL: the message is malformed. Pure.
 */
int srv_parse(struct slice answer, struct srv_list *out, struct fault *why);

/*
 * Puts them into the order of RFC 2782: by priority, among equals by chance, weighted.
 * `below` gives a number in 0..limit-1, each as likely as the others.
 */
void srv_order(struct srv_list *list, uint32_t (*below)(uint32_t limit));

/* ADDRESS:PORT of a name server, IPv4; false when it is none. */
bool srv_resolver_read(const char *text, struct sockaddr_in *out);

/*
 * Asks for `service` ("_imaps._tcp") of `domain`, at `resolver` (NULL: those of the system),
 * and orders what comes. Blocking, some seconds at most. No record is no fault. FAULT_TEMP:
 * no answer, or one that says "not now"; FAULT_PROTOCOL: nonsense.
 */
int srv_find(const struct sockaddr_in *resolver, const char *service, const char *domain,
	struct srv_list *out, struct fault *why);

/* Letters, digits, "-", "_" and dots; labels of 1..63, 253 in all; no IPv4 address. */
bool srv_is_host(const char *name);

#endif
