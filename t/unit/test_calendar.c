/*
 * The calendar against the C library, and the days that are none.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#include "common/base/calendar.h"

static void like_the_c_library(void **state)
{
	(void)state;
	/* A prime step of some 11 days over the years 1 to 9999. */
	for (int64_t when = INT64_C(-62135596800); when <= INT64_C(253402300799);
	     when += 999983) {
		time_t seconds = (time_t)when;
		struct calendar c;
		struct tm tm;
		int64_t back;

		gmtime_r(&seconds, &tm);
		calendar_split(when, &c);
		assert_int_equal(c.year, tm.tm_year + INT64_C(1900));
		assert_int_equal(c.month, tm.tm_mon + 1);
		assert_int_equal(c.day, tm.tm_mday);
		assert_int_equal(c.hour, tm.tm_hour);
		assert_int_equal(c.minute, tm.tm_min);
		assert_int_equal(c.second, tm.tm_sec);
		assert_int_equal(c.weekday, tm.tm_wday);
		assert_true(calendar_join(&c, &back));
		assert_int_equal(back, when);
	}
}

static void beyond_its_years(void **state)
{
	struct calendar c;

	(void)state;
	calendar_split(INT64_MIN, &c);
	assert_int_equal(c.year, 1);
	calendar_split(INT64_MAX, &c);
	assert_int_equal(c.year, 9999);
	assert_int_equal(c.second, 59);
}

static void no_such_day(void **state)
{
	static const struct {
		const char *label;
		struct calendar at;
		bool good;
	} rows[] = {
		{ "leap day", { 2024, 2, 29, 0, 0, 0, 0 }, true },
		{ "leap day of a century", { 1900, 2, 29, 0, 0, 0, 0 }, false },
		{ "leap day of 2000", { 2000, 2, 29, 0, 0, 0, 0 }, true },
		{ "day 0", { 2026, 1, 0, 0, 0, 0, 0 }, false },
		{ "31 April", { 2026, 4, 31, 0, 0, 0, 0 }, false },
		{ "month 0", { 2026, 0, 1, 0, 0, 0, 0 }, false },
		{ "month 13", { 2026, 13, 1, 0, 0, 0, 0 }, false },
		{ "year 0", { 0, 1, 1, 0, 0, 0, 0 }, false },
		{ "year 10000", { 10000, 1, 1, 0, 0, 0, 0 }, false },
		{ "24:00", { 2026, 1, 1, 24, 0, 0, 0 }, false },
		{ "minute 60", { 2026, 1, 1, 0, 60, 0, 0 }, false },
		{ "leap second", { 2026, 1, 1, 23, 59, 60, 0 }, true },
		{ "second 61", { 2026, 1, 1, 0, 0, 61, 0 }, false },
		{ "before midnight", { 2026, 1, 1, -1, 0, 0, 0 }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t when;

		if (calendar_join(&rows[i].at, &when) != rows[i].good)
			fail_msg("%s", rows[i].label);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_the_c_library),
		cmocka_unit_test(beyond_its_years),
		cmocka_unit_test(no_such_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
