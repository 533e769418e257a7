/*
 * When a certificate ends, in words.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "common/net/expiry.h"

static void words(void **state)
{
	/* 1800000000 is 2027-01-15 08:00:00. */
	static const struct {
		int64_t left;
		const char *want;
	} rows[] = {
		{ 14 * 86400, "ends in 14 days, on 2027-01-15" },
		{ 14 * 86400 - 1, "ends in 13 days, on 2027-01-15" },
		{ 86400, "ends in 1 day, on 2027-01-15" },
		{ 86399, "ends within a day, on 2027-01-15" },
		{ 1, "ends within a day, on 2027-01-15" },
		{ 0, "has ended on 2027-01-15" },
		{ -400 * 86400, "has ended on 2027-01-15" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF out = { 0 };

		expiry_words(1800000000, 1800000000 - rows[i].left, &out);
		assert_string_equal(buf_text(&out), rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
