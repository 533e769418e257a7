/*
 * What mr-relay carry is told to carry to:
 *
 *	smtp:HOST[:PORT][?OPTIONS]        port 25
 *	lmtp:HOST:PORT[?OPTIONS]
 *	lmtp:/SOCKET[?OPTIONS]
 *
 * OPTIONS, parted by "&": to=RECIPIENT, for messages without one; tls=starttls|implicit|none;
 * ca-file=FILE. An IPv6 address stands in brackets.
 *
 * Mail does not leave this machine in clear by mistake: with smtp STARTTLS is the default,
 * and none that of localhost; lmtp, which has no TLS, wants tls=none for another host.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_CARRY_TARGET_H
#define RELAY_CARRY_TARGET_H

#include <stdbool.h>

#include "common/base/fault.h"

enum carry_tls { CARRY_TLS_IMPLICIT, CARRY_TLS_STARTTLS, CARRY_TLS_NONE };

struct carry_target {
	bool lmtp;
	char *path; /* a Unix socket; NULL: host and port */
	char *host;
	long port;
	enum carry_tls tls;
	char *ca_file; /* may be NULL */
	char *to;      /* may be NULL */
};

#define AUTO_CARRY_TARGET __attribute__((cleanup(carry_target_free))) struct carry_target
void carry_target_free(struct carry_target *t);

/* FAULT_USAGE: it is none of the above. */
int carry_target_read(const char *text, struct carry_target *out, struct fault *why);

#endif
