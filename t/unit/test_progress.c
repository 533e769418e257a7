/*
 * fetch/run/progress: the line.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/run/progress.h"

static const struct {
	struct progress_facts facts;
	const char *line;
} rows[] = {
	{ { "box", 0, 50, 0, 1, 2 }, "box: 0 of 50 messages, 0 B" },
	{ { "box", 0, 50, 999, 1, 900 }, "box: 0 of 50 messages, 999 B" },
	{ { "box", 1, 49, 2048, 1, 1001 }, "box: 1 of 50 messages, 2.0 KB, 2.0 KB/s, 0:49 left" },
	{ { "box", 10, 40, 52428800, 1, 20001 },
		"box: 10 of 50 messages, 50 MB, 2.5 MB/s, 1:20 left" },
	{ { "box", 50, 0, 52428800, 1, 20001 }, "box: 50 of 50 messages, 50 MB, 2.5 MB/s" },
	{ { "box", 0, 1, 52428800, 1, 20001 }, "box: 0 of 1 messages, 50 MB, 2.5 MB/s" },
	{ { "box", 1, 100000, 10, 1, 60001 },
		"box: 1 of 100001 messages, 10 B, 0 B/s, 100000:00 left" },
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF out = { 0 };

		progress_line(&rows[i].facts, &out);
		assert_string_equal(buf_text(&out), rows[i].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
