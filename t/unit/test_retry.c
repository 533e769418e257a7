/*
 * fetch/watch/retry: how long to stay away.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/watch/retry.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static const struct {
	const char *label;
	enum fault_kind kind;
	unsigned failures;
	int64_t from, to;
} rows[] = {
	{ "the first one: seconds", FAULT_TEMP, 1, 2 * SECOND, 4 * SECOND },
	{ "doubled", FAULT_TEMP, 2, 4 * SECOND, 8 * SECOND },
	{ "and again", FAULT_TEMP, 4, 16 * SECOND, 32 * SECOND },
	{ "never more than a quarter of an hour", FAULT_TEMP, 30, 450 * SECOND, 15 * MINUTE },
	{ "nor after very many", FAULT_TEMP, UINT32_MAX, 450 * SECOND, 15 * MINUTE },
	{ "a login that is refused: hours", FAULT_LOGIN, 1, HOUR, 2 * HOUR },
	{ "many of them", FAULT_LOGIN, 9, 3 * HOUR, 6 * HOUR },
	{ "no secret", FAULT_CONFIG, 1, 150 * SECOND, 5 * MINUTE },
	{ "any other kind is temporary", FAULT_DATA, 1, 2 * SECOND, 4 * SECOND },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t least = INT64_MAX, most = 0;

		for (int k = 0; k < 200; k++) {
			int64_t got = retry_after(rows[i].kind, rows[i].failures);

			least = got < least ? got : least;
			most = got > most ? got : most;
		}
		if (least < rows[i].from || most > rows[i].to)
			fail_msg("%s: %lld to %lld ms", rows[i].label, (long long)least,
				(long long)most);
		/* Chance is in it: 200 times nearly the same is none. */
		if (most - least < (rows[i].to - rows[i].from) / 2)
			fail_msg("%s: no chance in it", rows[i].label);
	}
}

static void test_chance(void **state)
{
	(void)state;
	assert_int_equal(retry_chance(0), 0);
	assert_int_equal(retry_chance(-5), 0);
	for (int k = 0; k < 100; k++)
		assert_in_range(retry_chance(10), 0, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_chance),
	};

	return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
