/*
 * Dates of all four kinds; the rows named in common/mail/LENIENT.md pin its leniencies.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/mail/date.h"

struct row {
	const char *label;
	const char *text;
	const char *stamp; /* NULL: no date */
	int zone;
};

static const struct row header_rows[] = {
	{ "RFC 5322", "Mon, 2 Feb 2026 10:00:00 +0100", "2026-02-02T09:00:00Z", 60 },
	{ "without seconds", "Mon, 2 Feb 2026 10:00 -0930", "2026-02-02T19:30:00Z", -570 },
	{ "without day", "02 Feb 2026 10:00:00 +0000", "2026-02-02T10:00:00Z", 0 },
	{ "leap day", "Thu, 29 Feb 2024 23:59:60 +0000", "2024-03-01T00:00:00Z", 0 },
	{ "comment", "Mon, 2 Feb 2026 10:00:00 +0100 (CET)", "2026-02-02T09:00:00Z", 60 },
	{ "comments everywhere", "(a)Mon(b(c\\))),(d)2(e)Feb(f)2026(g)10(h):(i)00 (j)+0100",
		"2026-02-02T09:00:00Z", 60 },
	{ "blanks", "\r\n Mon ,\t2  Feb 2026 10 : 00 : 00 GMT", "2026-02-02T10:00:00Z", 0 },
	{ "empty", "", NULL, 0 },
	{ "words", "yesterday", NULL, 0 },
	{ "no month", "Mon, 2 Foo 2026 10:00:00 +0100", NULL, 0 },
	{ "no time", "Mon, 2 Feb 2026", NULL, 0 },
	{ "no such day", "Mon, 31 Feb 2026 10:00:00 +0100", NULL, 0 },
	{ "no such hour", "Mon, 2 Feb 2026 24:00:00 +0100", NULL, 0 },
	{ "no such year", "Mon, 2 Feb 20260 10:00:00 +0100", NULL, 0 },
	{ "long numbers", "Mon, 00000000000000000002 Feb 2026 10:00", NULL, 0 },
	/* LENIENT.md from here on */
	{ "wrong day of the week", "Sun, 2 Feb 2026 10:00:00 +0100", "2026-02-02T09:00:00Z", 60 },
	{ "no comma", "Mon 2 Feb 2026 10:00:00 +0100", "2026-02-02T09:00:00Z", 60 },
	{ "day in full", "Monday, 2 February 2026 10:00:00 +0100", "2026-02-02T09:00:00Z", 60 },
	{ "case", "MON, 2 fEB 2026 10:00:00 gmt", "2026-02-02T10:00:00Z", 0 },
	{ "two digits, this century", "2 Feb 26 10:00:00 GMT", "2026-02-02T10:00:00Z", 0 },
	{ "two digits, last century", "2 Feb 96 10:00:00 GMT", "1996-02-02T10:00:00Z", 0 },
	{ "three digits", "2 Feb 126 10:00:00 GMT", "2026-02-02T10:00:00Z", 0 },
	{ "dashes", "Mon, 02-Feb-2026 10:00:00 GMT", "2026-02-02T10:00:00Z", 0 },
	{ "asctime", "Mon Feb  2 09:00:00 2026", "2026-02-02T09:00:00Z", 0 },
	{ "asctime without day", "Feb  2 09:00:00 2026", "2026-02-02T09:00:00Z", 0 },
	{ "asctime with zone", "Mon Feb  2 09:00:00 EST 2026", "2026-02-02T14:00:00Z", -300 },
	{ "asctime with zone last", "Mon Feb  2 09:00:00 2026 +0100", "2026-02-02T08:00:00Z", 60 },
	{ "one digit in the time", "2 Feb 2026 9:0:0 GMT", "2026-02-02T09:00:00Z", 0 },
	{ "no zone", "Mon, 2 Feb 2026 10:00:00", "2026-02-02T10:00:00Z", 0 },
	{ "named zone", "2 Feb 2026 10:00:00 PDT", "2026-02-02T17:00:00Z", -420 },
	{ "unknown zone", "2 Feb 2026 10:00:00 MESZ", "2026-02-02T10:00:00Z", 0 },
	{ "military zone", "2 Feb 2026 10:00:00 A", "2026-02-02T10:00:00Z", 0 },
	{ "colon in the zone", "2 Feb 2026 10:00:00 +01:00", "2026-02-02T09:00:00Z", 60 },
	{ "broken zone", "2 Feb 2026 10:00:00 +1", "2026-02-02T10:00:00Z", 0 },
	{ "more behind it", "2 Feb 2026 10:00:00 +0100 or so", "2026-02-02T09:00:00Z", 60 },
	{ "comment never closed", "2 Feb 2026 10:00:00 (CET", "2026-02-02T10:00:00Z", 0 },
};

static const struct row internal_rows[] = {
	{ "RFC 3501", "02-Feb-2026 10:00:00 +0100", "2026-02-02T09:00:00Z", 0 },
	{ "blank for a digit", " 2-Feb-2026 10:00:00 -0000", "2026-02-02T10:00:00Z", 0 },
	{ "no zone", "02-Feb-2026 10:00:00", NULL, 0 },
	{ "more behind it", "02-Feb-2026 10:00:00 +0100 ", NULL, 0 },
	{ "two digits", "02-Feb-26 10:00:00 +0100", NULL, 0 },
};

static const struct row stamp_rows[] = {
	{ "RFC 3339", "2026-02-02T09:00:00Z", "2026-02-02T09:00:00Z", 0 },
	{ "offset", "2026-02-02t10:00:00+01:00", "2026-02-02T09:00:00Z", 0 },
	{ "fraction", "2026-02-02T09:00:00.123456789z", "2026-02-02T09:00:00Z", 0 },
	{ "day only", "2026-02-02", NULL, 0 },
	{ "no zone", "2026-02-02T09:00:00", NULL, 0 },
	{ "more behind it", "2026-02-02T09:00:00Z ", NULL, 0 },
	{ "month 13", "2026-13-02T09:00:00Z", NULL, 0 },
};

static void check(const char *kind, const struct row *row, bool good, int64_t when, int zone)
{
	AUTO_BUF got = { 0 };

	if (good != (row->stamp != NULL))
		fail_msg("%s, %s: taken %d", kind, row->label, good);
	if (!good)
		return;
	date_put_stamp(&got, when);
	if (!slice_is(buf_slice(&got), row->stamp) || zone != row->zone)
		fail_msg("%s, %s: %s, zone %d", kind, row->label, buf_text(&got), zone);
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void read_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(header_rows); i++) {
		int64_t when = 0;
		int zone = 0;
		bool good = date_read_header(slice_text(header_rows[i].text), &when, &zone);

		check("header", &header_rows[i], good, when, zone);
	}
}

static void read_internal(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(internal_rows); i++) {
		int64_t when = 0;
		bool good = date_read_internal(slice_text(internal_rows[i].text), &when);

		check("INTERNALDATE", &internal_rows[i], good, when, 0);
	}
}

static void read_stamp(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stamp_rows); i++) {
		int64_t when = 0;
		bool good = date_read_stamp(slice_text(stamp_rows[i].text), &when);

		check("stamp", &stamp_rows[i], good, when, 0);
	}
}

static void written(const char *zone, int64_t when, const char *want)
{
	AUTO_BUF got = { 0 };

	setenv("TZ", zone, 1);
	tzset();
	date_put_header(&got, when);
	assert_string_equal(buf_text(&got), want);
}

static void write_header(void **state)
{
	(void)state;
	written("CET-1CEST,M3.5.0,M10.5.0/3", 1770022800, "Mon, 2 Feb 2026 10:00:00 +0100");
	written("CET-1CEST,M3.5.0,M10.5.0/3", 1785574800, "Sat, 1 Aug 2026 11:00:00 +0200");
	written("XST9:30", 1770022800, "Sun, 1 Feb 2026 23:30:00 -0930");
	written("UTC0", 0, "Thu, 1 Jan 1970 00:00:00 +0000");
	written("UTC0", INT64_MAX, "Fri, 31 Dec 9999 23:59:59 +0000");
}

static void write_from_line(void **state)
{
	AUTO_BUF got = { 0 };

	(void)state;
	date_put_from_line(&got, 1770022800);
	assert_string_equal(buf_text(&got), "Mon Feb  2 09:00:00 2026");
}

static void hostile_comments_take_linear_time(void **state)
{
	AUTO_BUF text = { 0 };
	int64_t start = clock_tick();
	int64_t when;

	(void)state;
	for (int i = 0; i < 1000000; i++)
		buf_add_byte(&text, '(');
	assert_false(date_read_header(buf_slice(&text), &when, NULL));
	buf_clear(&text);
	for (int i = 0; i < 1000000; i++)
		buf_add_text(&text, "(a)\n ");
	assert_false(date_read_header(buf_slice(&text), &when, NULL));
	assert_true(clock_tick() - start < 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_header),
		cmocka_unit_test(read_internal),
		cmocka_unit_test(read_stamp),
		cmocka_unit_test(write_header),
		cmocka_unit_test(write_from_line),
		cmocka_unit_test(hostile_comments_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
