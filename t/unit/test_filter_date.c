/*
 * date and currentdate (RFC 5260 sections 4 and 5), index (section 6).
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

#include "filter/tests/date_parts.h"
#include "t/unit/sieve_check.h"

/* The clock of these tests says 2026-01-01T00:00:00Z, a Thursday. */
static const char message[] =
	"Received: from a by b; Sun, 1 Mar 2026 00:30:00 +0100 (a; b)\n"
	"Received: from c by a; Sat, 28 Feb 2026 22:15:07 -0500\n"
	"Received: without a date\n"
	"Date: Sat, 28 Feb 2026 09:05:59 +0530\n"
	"Date: Sat, 28 Feb 2026 10:00:00 +0000\n"
	"X-Feb: Thu, 29 Feb 2024 12:00:00 +0000\n"
	"X-No-Leap: Sun, 29 Feb 2026 12:00:00 +0000\n"
	"X-January: 32 Jan 2026 12:00:00 +0000\n"
	"X-Hour: 1 Jan 2026 24:00:00 +0000\n"
	"X-Old: 1 Jan 1900 00:00:00 GMT\n"
	"X-Semi: ; ; ; ; ; ; ; ; ; ; 1 Jan 2026 00:00:00 +0000\n"
	"X-Two: 1 Jan 2026 00:00:00 +0000; 2 Jan 2026 00:00:00 +0000\n"
	"X-Cut: Sat, 28 Feb\n"
	"X-Empty:\n"
	"X-B: 3\n"
	"X-A: 1\n"
	"X-A: 2\n"
	"\n";

#define VALUE(part, text) "date :zone \"+0000\" \"x-feb\" \"" part "\" \"" text "\""

static const struct sieve_case rows[] = {
	/* section 4.2, each part */
	{ "year", VALUE("year", "2024"), SIEVE_TRUE },
	{ "month", VALUE("month", "02"), SIEVE_TRUE },
	{ "month has two digits", VALUE("month", "2"), SIEVE_FALSE },
	{ "day", VALUE("day", "29"), SIEVE_TRUE },
	{ "date", VALUE("date", "2024-02-29"), SIEVE_TRUE },
	{ "julian", VALUE("julian", "60369"), SIEVE_TRUE },
	{ "hour", VALUE("hour", "12"), SIEVE_TRUE },
	{ "minute", VALUE("minute", "00"), SIEVE_TRUE },
	{ "second", VALUE("second", "00"), SIEVE_TRUE },
	{ "time", VALUE("time", "12:00:00"), SIEVE_TRUE },
	{ "iso8601", VALUE("iso8601", "2024-02-29T12:00:00Z"), SIEVE_TRUE },
	{ "iso8601 in capitals", "date :comparator \"i;octet\" :zone \"+0000\" \"x-feb\" "
		"\"iso8601\" \"2024-02-29T12:00:00Z\"", SIEVE_TRUE },
	{ "std11", VALUE("std11", "Thu, 29 Feb 2024 12:00:00 +0000"), SIEVE_TRUE },
	{ "zone", VALUE("zone", "+0000"), SIEVE_TRUE },
	{ "weekday", VALUE("weekday", "4"), SIEVE_TRUE },
	{ "parts in any case", VALUE("WeekDay", "4"), SIEVE_TRUE },
	{ "julian before 1970", "date :zone \"+0000\" \"x-old\" \"julian\" \"15020\"", SIEVE_TRUE },
	/* zones */
	{ "a zone", "date :zone \"-0500\" \"date\" \"iso8601\" \"2026-02-27T22:35:59-05:00\"",
		SIEVE_TRUE },
	{ "a zone changes the day", "date :zone \"-0500\" \"date\" \"weekday\" \"5\"",
		SIEVE_TRUE },
	{ "a zone changes the julian day", "date :zone \"-0500\" \"date\" \"julian\" "
		"\"61098\"", SIEVE_TRUE },
	{ "a zone is the zone", "date :zone \"-0530\" \"date\" \"zone\" \"-0530\"", SIEVE_TRUE },
	{ "zero is positive", "date :zone \"-0000\" \"date\" \"zone\" \"+0000\"", SIEVE_TRUE },
	{ "original zone", "date :originalzone \"date\" \"time\" \"09:05:59\"", SIEVE_TRUE },
	{ "original zone as one", "date :originalzone \"date\" \"zone\" \"+0530\"", SIEVE_TRUE },
	{ "local zone", "date \"date\" \"iso8601\" \"2026-02-28T04:35:59+01:00\"", SIEVE_TRUE },
	{ "local zone as one", "date \"date\" \"zone\" \"+0100\"", SIEVE_TRUE },
	{ "zone of a variable", "date :zone \"${unset}+0000\" \"x-feb\" \"hour\" \"12\"",
		SIEVE_TRUE },
	/* which date */
	{ "only the first field", "date :originalzone \"date\" \"hour\" [\"10\"]", SIEVE_FALSE },
	{ "behind a semicolon", "date :originalzone \"received\" \"date\" \"2026-03-01\"",
		SIEVE_TRUE },
	{ "behind the last one", "date :zone \"+0000\" \"x-two\" \"day\" \"02\"", SIEVE_TRUE },
	{ "behind many", "date :zone \"+0000\" \"x-semi\" \"year\" \"2026\"", SIEVE_TRUE },
	{ ":index", "date :index 2 :originalzone \"received\" \"second\" \"07\"", SIEVE_TRUE },
	{ ":index of no date", "date :index 3 :contains \"received\" \"second\" \"\"",
		SIEVE_FALSE },
	{ ":index :last", "date :last :index 1 :originalzone \"date\" \"hour\" \"10\"",
		SIEVE_TRUE },
	{ ":index beyond", "date :index 3 :contains \"date\" \"hour\" \"\"", SIEVE_FALSE },
	/* no date */
	{ "no such field", "date :contains \"x-none\" \"year\" \"\"", SIEVE_FALSE },
	{ "no leap year", "date :contains \"x-no-leap\" \"year\" \"\"", SIEVE_FALSE },
	{ "January 32nd", "date :contains \"x-january\" \"year\" \"\"", SIEVE_FALSE },
	{ "hour 24", "date :contains \"x-hour\" \"year\" \"\"", SIEVE_FALSE },
	{ "cut", "date :contains \"x-cut\" \"year\" \"\"", SIEVE_FALSE },
	{ "empty", "date :contains \"x-empty\" \"year\" \"\"", SIEVE_FALSE },
	/* relational */
	{ "count of a date", "date :count \"eq\" \"date\" \"hour\" \"1\"", SIEVE_TRUE },
	{ "count of none", "date :count \"eq\" \"x-cut\" \"hour\" \"0\"", SIEVE_TRUE },
	{ "office hours", "allof (header :is \"x-b\" \"3\", date :value \"ge\" :originalzone "
		"\"date\" \"hour\" \"09\", date :value \"lt\" :originalzone \"date\" \"hour\" "
		"\"17\")", SIEVE_TRUE },
	{ "not on Sunday", "anyof (date :is \"received\" \"weekday\" \"1\", date :is "
		"\"received\" \"weekday\" \"6\")", SIEVE_FALSE },
	{ "numbers", "date :comparator \"i;ascii-numeric\" :value \"gt\" :zone \"+0000\" "
		"\"x-feb\" \"julian\" \"9999\"", SIEVE_TRUE },
	{ "ISO dates in order", "date :value \"gt\" :index 2 :zone \"-0500\" \"received\" "
		"\"iso8601\" \"2026-02-26T09:00:00-05:00\"", SIEVE_TRUE },
	/* currentdate */
	{ "currentdate", "currentdate :zone \"+0000\" \"iso8601\" \"2026-01-01T00:00:00Z\"",
		SIEVE_TRUE },
	{ "currentdate in the local zone", "currentdate \"hour\" \"01\"", SIEVE_TRUE },
	{ "currentdate, a zone", "currentdate :zone \"-0001\" \"year\" \"2025\"", SIEVE_TRUE },
	{ "currentdate :count", "currentdate :count \"eq\" \"year\" \"1\"", SIEVE_TRUE },
	{ "currentdate captures", "allof (currentdate :matches \"month\" \"*\", "
		"string \"${1}\" \"01\")", SIEVE_TRUE },
	{ "within days", "allof (currentdate :value \"ge\" \"date\" \"2025-12-24\", "
		"currentdate :value \"le\" \"date\" \"2026-01-06\")", SIEVE_TRUE },
	/* section 6 with several names */
	{ "names in their order", "header :index 2 [\"x-a\", \"x-b\"] \"2\"", SIEVE_TRUE },
	{ "counted together", "header :index 3 [\"x-a\", \"x-b\"] \"3\"", SIEVE_TRUE },
	{ "in the other order", "header :index 1 [\"x-b\", \"x-a\"] \"3\"", SIEVE_TRUE },
	{ "the last of all", "header :index 1 :last [\"x-a\", \"x-b\"] \"3\"", SIEVE_TRUE },
	{ "the third last of all", "header :index 3 :last [\"x-a\", \"x-b\"] \"1\"", SIEVE_TRUE },
	{ "beyond all", "header :index 4 :contains [\"x-a\", \"x-b\"] \"\"", SIEVE_FALSE },
};

/* A date in a variable goes wrong only when it runs. */
static const struct sieve_case failing[] = {
	{ "part of a variable", "set \"p\" \"yesterday\"; if currentdate \"${p}\" \"1\" "
		"{ discard; }", "keep;!r.sieve:2: unknown part of a date \"yesterday\"" },
	{ "zone of a variable", "set \"z\" \"+1\"; if currentdate :zone \"${z}\" \"year\" \"1\" "
		"{ discard; }",
		"keep;!r.sieve:2: \"+1\" is no time zone, expected \"+hhmm\" or \"-hhmm\"" },
};

#define DATE "require \"date\"; "
#define ZONE(text) "\"" text "\" is no time zone, expected \"+hhmm\" or \"-hhmm\""

static const struct sieve_case wrong[] = {
	{ "no require", "if date \"date\" \"year\" \"2026\" {}",
		"1:4 \"date\" expected require \"date\" at the top" },
	{ "no require of currentdate", "if currentdate \"year\" \"2026\" {}",
		"1:4 \"currentdate\" expected require \"date\" at the top" },
	{ "both zones", DATE "if date :zone \"+0000\" :originalzone \"date\" \"year\" \"1\" {}",
		"1:39 \":originalzone\" does not go with the tag before it" },
	{ "the original zone of the clock", DATE "if currentdate :originalzone \"year\" \"1\" {}",
		"1:32 \"currentdate\" knows no \":originalzone\", expected :is, :contains, "
		":matches, :regex, :count, :value, :list, :comparator, :zone" },
	{ "a name of a zone", DATE "if currentdate :zone \"CET\" \"year\" \"1\" {}",
		"1:38 " ZONE("CET") },
	{ "a colon in a zone", DATE "if currentdate :zone \"+01:00\" \"year\" \"1\" {}",
		"1:38 " ZONE("+01:00") },
	{ "sixty minutes", DATE "if currentdate :zone \"+0160\" \"year\" \"1\" {}",
		"1:38 " ZONE("+0160") },
	{ "a part that is none", DATE "if date \"date\" \"epoch\" \"1\" {}",
		"1:32 unknown part of a date \"epoch\", expected year, month, day, date, julian, "
		"hour, minute, second, time, iso8601, std11, zone or weekday" },
	{ "several fields", DATE "if date [\"date\", \"received\"] \"year\" \"1\" {}",
		"1:25 expected one string, no list" },
	{ ":last alone", "require [\"date\", \"index\"]; if date :last \"date\" \"year\" \"1\" {}",
		"1:31 \":last\" expected \":index\" beside it" },
};

static void local_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void test_tests(void **state)
{
	(void)state;
	local_zone("CET-1");
	sieve_case_check_tests(rows, SIEVE_COUNT(rows), REQUIRE, message);
}

static void test_failing(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(failing); i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, "%s%s", REQUIRE, failing[i].script);
		sieve_case_check_message(&failing[i], script.ptr, message);
	}
}

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(wrong, SIEVE_COUNT(wrong));
}

/* The Algol routine of appendix A, as the RFC has it in C. */
static int jday(int year, int month, int day)
{
	int c, ya;

	if (month > 2) {
		month -= 3;
	} else {
		month += 9;
		year--;
	}
	c = year / 100;
	ya = year - c * 100;
	return c * 146097 / 4 + ya * 1461 / 4 + (month * 153 + 2) / 5 + day + 1721119 - 2400001;
}

static void test_julian(void **state)
{
	int part = date_part(SLICE("julian"));
	int date = date_part(SLICE("date"));

	(void)state;
	for (int64_t when = -3000000000; when < 6000000000; when += 86400 * 13 + 7) {
		AUTO_BUF got = { 0 };
		AUTO_BUF day = { 0 };
		AUTO_BUF want = { 0 };
		uint64_t y = 0, m = 0, d = 0;

		date_part_put(&got, part, when, 0);
		date_part_put(&day, date, when, 0);
		slice_number(slice_of(day.ptr, 4), &y);
		slice_number(slice_of(day.ptr + 5, 2), &m);
		slice_number(slice_of(day.ptr + 8, 2), &d);
		buf_addf(&want, "%d", jday((int)y, (int)m, (int)d));
		assert_string_equal(got.ptr, want.ptr);
	}
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_tests),
		cmocka_unit_test(test_failing),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_julian),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
