/*
 * Pauses grow, stay within a fifth of their table, and end growing.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "relay/backoff.h"

static const struct {
	const char *label;
	enum backoff_kind kind;
	unsigned tries;
	int64_t minutes;
} rows[] = {
	{ "first of a recipient", BACKOFF_RECIPIENT, 1, 5 },
	{ "fourth", BACKOFF_RECIPIENT, 4, 40 },
	{ "hundredth", BACKOFF_RECIPIENT, 100, 240 },
	{ "no try yet counts as the first", BACKOFF_RECIPIENT, 0, 5 },
	{ "largest number", BACKOFF_RECIPIENT, UINT32_MAX, 240 },
	{ "first of a host", BACKOFF_HOST, 1, 1 },
	{ "ninth of a host", BACKOFF_HOST, 9, 30 },
	{ "login is not tried twice in a quarter hour", BACKOFF_LOGIN, 1, 15 },
	{ "fifth login", BACKOFF_LOGIN, 5, 240 },
};

static void stays_near_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t base = rows[i].minutes * 60;
		int64_t least = INT64_MAX;
		int64_t most = 0;

		print_message("# %s\n", rows[i].label);
		for (uint32_t chance = 0; chance < 20000; chance += 7) {
			int64_t got = backoff_seconds(rows[i].kind, rows[i].tries, chance);

			least = got < least ? got : least;
			most = got > most ? got : most;
		}
		assert_true(least >= base - base / 5 && least < base - base / 6);
		assert_true(most <= base + base / 5 && most > base + base / 6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(stays_near_the_table) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
