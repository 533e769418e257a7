/*
 * Dates: see date.h.
 *
 * Names are the standard's, whatever the locale.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/date.h"

#include <stdlib.h>
#include <time.h>

#include "common/base/calendar.h"

static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
	"Sep", "Oct", "Nov", "Dec" };

/* A time as it was written, and the minutes east of UTC that it was written in. */
struct date {
	struct calendar at;
	int zone;
};

static bool join(const struct date *d, int64_t *when)
{
	if (!calendar_join(&d->at, when))
		return false;
	*when -= (int64_t)d->zone * 60;
	return true;
}

/* ---- reading: each takes what it names off *in ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* From min to max digits; a number that goes on is none. */
static bool number(struct slice *in, size_t min, size_t max, int *out)
{
	size_t len = 0;

	*out = 0;
	for (; len < in->len && len < max && is_digit(in->ptr[len]); len++)
		*out = *out * 10 + (in->ptr[len] - '0');
	if (len < min || (len < in->len && is_digit(in->ptr[len])))
		return false;
	slice_skip(in, len);
	return true;
}

static bool byte(struct slice *in, char want)
{
	if (in->len == 0 || in->ptr[0] != want)
		return false;
	slice_skip(in, 1);
	return true;
}

static struct slice letters(struct slice *in)
{
	struct slice word = *in;
	size_t len = 0;

	while (len < in->len && is_alpha(in->ptr[len]))
		len++;
	slice_skip(in, len);
	return slice_first(word, len);
}

/* A comment, nested ones within; one that is never closed goes to the end. */
static void comment(struct slice *in)
{
	size_t depth = 0;

	while (in->len > 0) {
		char c = in->ptr[0];

		slice_skip(in, 1);
		if (c == '\\' && in->len > 0)
			slice_skip(in, 1);
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			return;
	}
}

/* RFC 5322 section 3.2.2: CFWS. */
static void blanks(struct slice *in)
{
	while (in->len > 0) {
		char c = in->ptr[0];

		if (c == '(')
			comment(in);
		else if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			slice_skip(in, 1);
		else
			return;
	}
}

/* By its first three letters: "Feb", "february". */
static bool month_name(struct slice word, int *month)
{
	for (int i = 0; i < 12; i++) {
		if (slice_starts_case(word, months[i])) {
			*month = i + 1;
			return true;
		}
	}
	return false;
}

/* RFC 5322 section 4.3: two digits up to 49 are 20xx, else with three digits 19xx + n. */
static bool year(struct slice *in, int64_t *out)
{
	size_t had = in->len;
	int value;

	if (!number(in, 2, 4, &value))
		return false;
	*out = value;
	if (had - in->len == 2)
		*out += value < 50 ? 2000 : 1900;
	else if (had - in->len == 3)
		*out += 1900;
	return true;
}

/* hour ":" minute [":" second], blanks around the colons (section 4.3). */
static bool time_of_day(struct slice *in, struct date *d)
{
	struct slice before;

	if (!number(in, 1, 2, &d->at.hour))
		return false;
	blanks(in);
	if (!byte(in, ':'))
		return false;
	blanks(in);
	if (!number(in, 1, 2, &d->at.minute))
		return false;
	before = *in;
	blanks(in);
	if (!byte(in, ':')) {
		*in = before;
		return true;
	}
	blanks(in);
	return number(in, 1, 2, &d->at.second);
}

/* ("+" / "-") 4DIGIT, a colon in the middle forgiven. */
static bool numeric_zone(struct slice *in, int *zone)
{
	struct slice at = *in;
	int sign = at.len > 0 && at.ptr[0] == '-' ? -1 : 1;
	struct slice word;
	int hours, minutes;

	if (!byte(&at, '+') && !byte(&at, '-'))
		return false;
	word = slice_first(at, 2);
	if (!number(&word, 2, 2, &hours))
		return false;
	slice_skip(&at, 2);
	byte(&at, ':');
	if (!number(&at, 2, 2, &minutes) || minutes > 59)
		return false;
	*zone = sign * (hours * 60 + minutes);
	*in = at;
	return true;
}

/* Section 4.3: names other than these, the military letters too, mean -0000. */
static int named_zone(struct slice word)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = { { "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
		{ "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 } };

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (slice_is_case(word, zones[i].name))
			return zones[i].hours * 60;
	}
	return 0;
}

static void zone_of(struct slice *in, int *out)
{
	blanks(in);
	if (!numeric_zone(in, out))
		*out = named_zone(letters(in));
}

/* day month year time zone */
static bool header_order(struct slice *in, struct date *d)
{
	if (!number(in, 1, 2, &d->at.day))
		return false;
	blanks(in);
	byte(in, '-');
	if (!month_name(letters(in), &d->at.month))
		return false;
	blanks(in);
	byte(in, '-');
	if (!year(in, &d->at.year))
		return false;
	blanks(in);
	if (!time_of_day(in, d))
		return false;
	zone_of(in, &d->zone);
	return true;
}

/* month day time [zone] year [zone], as asctime and date(1) write it */
static bool asctime_order(struct slice *in, struct slice month, struct date *d)
{
	if (!month_name(month, &d->at.month))
		return false;
	blanks(in);
	if (!number(in, 1, 2, &d->at.day))
		return false;
	blanks(in);
	if (!time_of_day(in, d))
		return false;
	zone_of(in, &d->zone);
	blanks(in);
	if (!year(in, &d->at.year))
		return false;
	blanks(in);
	numeric_zone(in, &d->zone);
	return true;
}

bool date_read_header(struct slice text, int64_t *when, int *zone)
{
	struct date d = { 0 };
	struct slice word;
	int month;
	bool good;

	blanks(&text);
	word = letters(&text);
	blanks(&text);
	byte(&text, '.');
	byte(&text, ',');
	blanks(&text);
	if (text.len > 0 && is_alpha(text.ptr[0]))
		word = letters(&text);
	if (month_name(word, &month))
		good = asctime_order(&text, word, &d);
	else
		good = header_order(&text, &d);
	if (!good || !join(&d, when))
		return false;
	if (zone)
		*zone = d.zone;
	return true;
}

bool date_read_internal(struct slice text, int64_t *when)
{
	struct date d = { 0 };
	int year_read;

	byte(&text, ' ');
	if (!number(&text, 1, 2, &d.at.day) || !byte(&text, '-') ||
	    !month_name(letters(&text), &d.at.month) || !byte(&text, '-') ||
	    !number(&text, 4, 4, &year_read) || !byte(&text, ' '))
		return false;
	d.at.year = year_read;
	if (!time_of_day(&text, &d) || !byte(&text, ' ') || !numeric_zone(&text, &d.zone) ||
	    text.len > 0)
		return false;
	return join(&d, when);
}

/* RFC 3339 section 5.6: time-offset. */
static bool stamp_zone(struct slice *in, int *zone)
{
	return byte(in, 'Z') || byte(in, 'z') || numeric_zone(in, zone);
}

bool date_read_stamp(struct slice text, int64_t *when)
{
	struct date d = { 0 };
	int year_read;

	if (!number(&text, 4, 4, &year_read) || !byte(&text, '-') ||
	    !number(&text, 2, 2, &d.at.month) || !byte(&text, '-') ||
	    !number(&text, 2, 2, &d.at.day) ||
	    !(byte(&text, 'T') || byte(&text, 't') || byte(&text, ' ')))
		return false;
	d.at.year = year_read;
	if (!number(&text, 2, 2, &d.at.hour) || !byte(&text, ':') ||
	    !number(&text, 2, 2, &d.at.minute) || !byte(&text, ':') ||
	    !number(&text, 2, 2, &d.at.second))
		return false;
	if (byte(&text, '.')) {
		while (text.len > 0 && is_digit(text.ptr[0]))
			slice_skip(&text, 1);
	}
	return stamp_zone(&text, &d.zone) && text.len == 0 && join(&d, when);
}

/* ---- writing ---- */

int date_local_zone(int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm local;

	return localtime_r(&seconds, &local) ? (int)(local.tm_gmtoff / 60) : 0;
}

void date_put_zone(struct buf *out, int zone, const char *between)
{
	buf_addf(out, "%c%02d%s%02d", zone < 0 ? '-' : '+', abs(zone) / 60, between,
		abs(zone) % 60);
}

void date_put_header_in(struct buf *out, int64_t when, int zone)
{
	struct calendar c;

	calendar_split(when + (int64_t)zone * 60, &c);
	buf_addf(out, "%s, %d %s %04lld %02d:%02d:%02d ", days[c.weekday], c.day,
		months[c.month - 1], (long long)c.year, c.hour, c.minute, c.second);
	date_put_zone(out, zone, "");
}

void date_put_header(struct buf *out, int64_t when)
{
	date_put_header_in(out, when, date_local_zone(when));
}

void date_put_from_line(struct buf *out, int64_t when)
{
	struct calendar c;

	calendar_split(when, &c);
	buf_addf(out, "%s %s %2d %02d:%02d:%02d %04lld", days[c.weekday], months[c.month - 1],
		c.day, c.hour, c.minute, c.second, (long long)c.year);
}

void date_put_stamp(struct buf *out, int64_t when)
{
	struct calendar c;

	calendar_split(when, &c);
	buf_addf(out, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)c.year, c.month, c.day,
		c.hour, c.minute, c.second);
}
