/*
 * Dates: RFC 5322 section 3.3, the From_ line's, IMAP's INTERNALDATE, RFC 3339.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_DATE_H
#define COMMON_MAIL_DATE_H

#include "common/base/buf.h"

/* Seconds since 1970 UTC in, text added. */
void date_put_header(struct buf *out, int64_t when);    /* local zone: "Mon, 2 Feb 2026 10:00:00 +0100" */
void date_put_from_line(struct buf *out, int64_t when); /* UTC asctime: "Mon Feb  2 09:00:00 2026" */
void date_put_stamp(struct buf *out, int64_t when);     /* RFC 3339: "2026-02-02T09:00:00Z" */

/* True and seconds since 1970; `zone` (may be NULL) gets minutes east of UTC. */
bool date_read_header(struct slice text, int64_t *when, int *zone);
bool date_read_internal(struct slice text, int64_t *when); /* "02-Feb-2026 10:00:00 +0100" */
bool date_read_stamp(struct slice text, int64_t *when);

#endif
