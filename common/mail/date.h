/*
 * Dates: RFC 5322 section 3.3, the From_ line's, IMAP's INTERNALDATE, RFC 3339.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_DATE_H
#define COMMON_MAIL_DATE_H

#include "common/base/buf.h"

/* Add seconds since 1970 UTC as text; times outside of the years 1 to 9999 are moved there. */
void date_put_header(struct buf *out, int64_t when);    /* Mon, 2 Feb 2026 10:00:00 +0100 */
void date_put_from_line(struct buf *out, int64_t when); /* UTC: Mon Feb  2 09:00:00 2026 */
void date_put_stamp(struct buf *out, int64_t when);     /* UTC: 2026-02-02T09:00:00Z */

/* The same as date_put_header in a zone, minutes east of UTC. */
void date_put_header_in(struct buf *out, int64_t when, int zone);
/* "+0100", or with ":" between "+01:00". */
void date_put_zone(struct buf *out, int zone, const char *between);

/* The zone of TZ at that time, minutes east of UTC. */
int date_local_zone(int64_t when);

/*
 * A Date field's value, with the leniencies of LENIENT.md; what follows the zone is not
 * looked at. True, seconds since 1970, and in `zone` (may be NULL) minutes east of UTC,
 * 0 where none is known. In linear time.
 */
bool date_read_header(struct slice text, int64_t *when, int *zone);

/* Strict, the whole text: INTERNALDATE of IMAP, "02-Feb-2026 10:00:00 +0100". */
bool date_read_internal(struct slice text, int64_t *when);

/* Strict, the whole text: RFC 3339, any offset. */
bool date_read_stamp(struct slice text, int64_t *when);

#endif
