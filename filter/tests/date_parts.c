/*
 * Parts of a date: see date_parts.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/tests/date_parts.h"

#include "common/base/calendar.h"
#include "common/mail/date.h"

enum {
	PART_YEAR, PART_MONTH, PART_DAY, PART_DATE, PART_JULIAN, PART_HOUR, PART_MINUTE,
	PART_SECOND, PART_TIME, PART_ISO8601, PART_STD11, PART_ZONE, PART_WEEKDAY,
};

static const char *const names[] = {
	[PART_YEAR] = "year", [PART_MONTH] = "month", [PART_DAY] = "day",
	[PART_DATE] = "date", [PART_JULIAN] = "julian", [PART_HOUR] = "hour",
	[PART_MINUTE] = "minute", [PART_SECOND] = "second", [PART_TIME] = "time",
	[PART_ISO8601] = "iso8601", [PART_STD11] = "std11", [PART_ZONE] = "zone",
	[PART_WEEKDAY] = "weekday",
};

int date_part(struct slice name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (slice_is_case(name, names[i]))
			return (int)i;
	}
	return -1;
}

/* Days since 17 November 1858, a Wednesday; 40587 of them until 1970. */
static long long julian(int64_t local)
{
	return (local >= 0 ? local : local - 86399) / 86400 + 40587;
}

static void put_day(struct buf *out, const struct calendar *c)
{
	buf_addf(out, "%04lld-%02d-%02d", (long long)c->year, c->month, c->day);
}

static void put_time(struct buf *out, const struct calendar *c)
{
	buf_addf(out, "%02d:%02d:%02d", c->hour, c->minute, c->second);
}

/* RFC 3339 section 5.6 with "T" and "Z" in capitals, and "Z" for an offset of zero. */
static void put_iso8601(struct buf *out, const struct calendar *c, int zone)
{
	put_day(out, c);
	buf_add_byte(out, 'T');
	put_time(out, c);
	if (zone == 0)
		buf_add_byte(out, 'Z');
	else
		date_put_zone(out, zone, ":");
}

void date_part_put(struct buf *out, int part, int64_t when, int zone)
{
	int64_t local = when + (int64_t)zone * 60;
	struct calendar c;

	calendar_split(local, &c);
	switch (part) {
	case PART_YEAR:
		buf_addf(out, "%04lld", (long long)c.year);
		break;
	case PART_DATE:
		put_day(out, &c);
		break;
	case PART_JULIAN:
		buf_addf(out, "%lld", julian(local));
		break;
	case PART_TIME:
		put_time(out, &c);
		break;
	case PART_ISO8601:
		put_iso8601(out, &c, zone);
		break;
	case PART_STD11:
		date_put_header_in(out, when, zone);
		break;
	case PART_ZONE:
		date_put_zone(out, zone, "");
		break;
	case PART_WEEKDAY:
		buf_addf(out, "%d", c.weekday);
		break;
	default:
		buf_addf(out, "%02d",
			part == PART_MONTH          ? c.month :
				part == PART_DAY    ? c.day :
				part == PART_HOUR   ? c.hour :
				part == PART_MINUTE ? c.minute :
						      c.second);
	}
}

bool date_zone(struct slice text, int *out)
{
	uint64_t digits;
	int minutes;

	if (text.len != 5 || (text.ptr[0] != '+' && text.ptr[0] != '-') ||
		!slice_number(slice_from(text, 1), &digits) || digits % 100 > 59)
		return false;
	minutes = (int)(digits / 100 * 60 + digits % 100);
	*out = text.ptr[0] == '-' ? -minutes : minutes;
	return true;
}
