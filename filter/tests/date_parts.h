/*
 * Parts of a date as tests compare them (RFC 5260 section 4.2).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_DATE_PARTS_H
#define FILTER_TESTS_DATE_PARTS_H

#include "common/base/buf.h"

/* "year", "Weekday" and so on: its number, or -1: no part of a date. */
int date_part(struct slice name);

/* Adds that part of the time (seconds since 1970) in a zone, minutes east of UTC. */
void date_part_put(struct buf *out, int part, int64_t when, int zone);

/* time-zone = ( "+" / "-" ) 4DIGIT, the last two at most 59: minutes east of UTC. */
bool date_zone(struct slice text, int *out);

#endif
