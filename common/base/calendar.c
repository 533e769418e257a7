/*
 * The calendar: see calendar.h. Days are counted in eras of 400 years that begin in March,
 * so that the leap day is the last of its year.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/calendar.h"

#define WHEN_MIN INT64_C(-62135596800)
#define WHEN_MAX INT64_C(253402300799)

/* Days since 1970-01-01. */
static int64_t days_from_date(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_from_days(int64_t count, struct calendar *out)
{
	int64_t z = count + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	out->day = (int)(of_year - (153 * month + 2) / 5 + 1);
	out->month = (int)(month < 10 ? month + 3 : month - 9);
	out->year = year + era * 400 + (out->month <= 2);
}

static int days_of_month(int64_t year, int month)
{
	static const int lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return lengths[month - 1] + (month == 2 && leap);
}

void calendar_split(int64_t when, struct calendar *out)
{
	int64_t days;
	int rest;

	if (when < WHEN_MIN)
		when = WHEN_MIN;
	if (when > WHEN_MAX)
		when = WHEN_MAX;
	days = (when >= 0 ? when : when - 86399) / 86400;
	rest = (int)(when - days * 86400);
	date_from_days(days, out);
	out->hour = rest / 3600;
	out->minute = rest / 60 % 60;
	out->second = rest % 60;
	out->weekday = (int)(((days + 4) % 7 + 7) % 7);
}

bool calendar_join(const struct calendar *c, int64_t *when)
{
	if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1 ||
	    c->day > days_of_month(c->year, c->month) || c->hour < 0 || c->hour > 23 ||
	    c->minute < 0 || c->minute > 59 || c->second < 0 || c->second > 60)
		return false;
	*when = days_from_date(c->year, c->month, c->day) * 86400 + c->hour * 3600 +
		c->minute * 60 + c->second;
	return true;
}
