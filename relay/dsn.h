/*
 * Delivery status notifications: RFC 3464 in a multipart/report (RFC 6522), with enhanced
 * status codes (RFC 3463) and marked as RFC 3834 section 5 asks.
 *
 * Pure: no file, no clock. What servers said was made printable when it was stored; all
 * that is added here is 7-bit, only the returned header may hold more.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_DSN_H
#define RELAY_DSN_H

#include "relay/envelope.h"

/* LIMIT: how much of the original header is returned. */
enum { DSN_HEADER_MAX = 64 * 1024 };

/* All borrowed. */
struct dsn {
	const char *hostname; /* ours: Reporting-MTA */
	const char *remote;   /* the smart host: Remote-MTA; NULL: none was reached */
	const char *id;       /* of the DSN, for Message-ID and boundary */
	const char *original; /* id of the message that failed */
	int64_t now;
	const struct envelope *envelope; /* its recipients in state FAILED are reported */
	struct slice header;             /* original header, at most DSN_HEADER_MAX */
};

/* Adds the whole message. */
void dsn_put(const struct dsn *d, struct buf *out);

/*
 * RFC 3463: the status that a reply text carries ("550 5.1.1 no" gives "5.1.1"), else
 * "5.0.0". *out is a borrowed part of `text` or a literal.
 */
struct slice dsn_status(struct slice text);

#endif
