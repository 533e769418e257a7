/*
 * The Gregorian calendar in UTC, without the C library's zones: seconds to fields and back.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_CALENDAR_H
#define COMMON_BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

struct calendar {
	int64_t year; /* 1 to 9999 */
	int month;    /* 1 to 12 */
	int day;      /* 1 to 31 */
	int hour;
	int minute;
	int second;  /* 60 is a leap second: the first of the next minute */
	int weekday; /* 0 is Sunday; not read by calendar_join */
};

/* Seconds since 1970 into fields. Times outside of the years 1 to 9999 are moved there. */
void calendar_split(int64_t when, struct calendar *out);

/* Fields into seconds since 1970; false when there is no such day or time. */
bool calendar_join(const struct calendar *c, int64_t *when);

#endif
