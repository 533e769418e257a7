/*
 * What the sender of a rejected message is told: a disposition notification (RFC 8098) for
 * "reject", a delivery status notification (RFC 3464) for "ereject"; RFC 5429 sections 2.2.1
 * and 2.1.2 say how they look. Pure.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_REPORT_H
#define COMMON_MAIL_REPORT_H

#include <stdint.h>

#include "common/base/buf.h"

/* LIMIT: bytes of a reason that are told. */
enum { REPORT_REASON_MAX = 32768 };

struct report {
	bool delivery;          /* a delivery status, else a disposition */
	struct slice sender;    /* whom it goes to: an address that may stand in an envelope */
	struct slice recipient; /* who refuses, likewise */
	struct slice reason;    /* UTF-8, lines end with LF */
	struct slice header;    /* of the message */
	const char *id;         /* unique on this host; letters, digits and dots */
	const char *host;
	int64_t now;
};

/* Adds the whole message, lines end with LF. */
void report_put(const struct report *r, struct buf *out);

/* Why nobody must be told (RFC 8098 section 3, RFC 3834 section 2), or NULL. */
const char *report_forbidden(struct slice sender, struct slice header);

#endif
