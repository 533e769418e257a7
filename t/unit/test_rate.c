/*
 * fetch/rate: bytes per second.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/rate.h"

/* What a peer that has bytes without end gets through in `ms`, read by read. */
static uint64_t play(uint64_t per_second, int64_t ms, unsigned *reads)
{
	struct rate r = { 0 };
	uint64_t total = 0;
	int64_t now = 1000000;
	const int64_t end = now + ms;

	*reads = 0;
	while (now < end) {
		int64_t when = now;
		size_t got = rate_allows(&r, per_second, now, &when);

		if (got > 0) {
			rate_took(&r, got);
			total += got;
			++*reads;
			continue;
		}
		assert_true(when > now);
		now = when;
	}
	return total;
}

static void test_rates(void **state)
{
	static const uint64_t rows[] = { 1, 10, 1000, 65536, 10 << 20, (uint64_t)1 << 33 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned reads;
		uint64_t got = play(rows[i], 20000, &reads);

		if (got < rows[i] * 19 || got > rows[i] * 21 + 1)
			fail_msg("%llu per second: %llu in 20 s", (unsigned long long)rows[i],
				(unsigned long long)got);
		if (reads > 20 * 25)
			fail_msg("%llu per second: %u reads", (unsigned long long)rows[i], reads);
	}
}

static void test_no_saving(void **state)
{
	struct rate r = { 0 };
	int64_t when = 0;

	(void)state;
	(void)rate_allows(&r, 1000, 5000, &when);
	assert_int_equal(rate_allows(&r, 1000, 5000 + 3600000, &when), 250);
	rate_took(&r, 250);
	assert_int_equal(rate_allows(&r, 1000, 5000 + 3600000, &when), 0);
	assert_int_equal(rate_allows(&r, UINT64_MAX, 5000 + 3600100, &when) > 0, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_no_saving),
	};

	return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
