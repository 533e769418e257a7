/*
 * Sizes and times with units.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/units.h"

static void bytes(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t value;
	} rows[] = {
		{ "0", true, 0 }, { "17", true, 17 }, { "17b", true, 17 }, { "2K", true, 2048 },
		{ "2k", true, 2048 }, { "3M", true, 3 << 20 }, { "1G", true, UINT64_C(1) << 30 },
		{ "5T", true, UINT64_C(5) << 40 }, { "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 }, { "16777216T", false, 0 },
		{ "", false, 0 }, { "K", false, 0 }, { "-1", false, 0 }, { "1.5G", false, 0 },
		{ "1 K", false, 0 }, { "1KB", false, 0 }, { "1s", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t value = 0;

		if (units_bytes(slice_text(rows[i].text), &value) != rows[i].good ||
		    (rows[i].good && value != rows[i].value))
			fail_msg("%s", rows[i].text);
	}
}

static void times(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} rows[] = {
		{ "0", true, 0 }, { "5ms", true, 5 }, { "60s", true, 60000 },
		{ "5m", true, 300000 }, { "2h", true, 7200000 }, { "1D", true, 86400000 },
		{ "1w", true, 604800000 }, { "9223372036854775807ms", true, INT64_MAX },
		{ "9223372036854775808ms", false, 0 }, { "20000000000w", false, 0 },
		{ "40000000000w", false, 0 }, { "60", false, 0 }, { "00", false, 0 },
		{ "", false, 0 }, { "s", false, 0 }, { "1min", false, 0 }, { "1K", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t value = 0;

		if (units_time(slice_text(rows[i].text), &value) != rows[i].good ||
		    (rows[i].good && value != rows[i].value))
			fail_msg("%s", rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
