/*
 * Command lines cut into words and pipelines, without a shell; sizes and times.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/units.h"
#include "common/base/words.h"

static const struct {
	const char *label, *text;
	const char *want; /* "[a][b]|[c]", NULL: a fault */
} lines[] = {
	{ "plain", "mr-filter | mr-deliver", "[mr-filter]|[mr-deliver]" },
	{ "blanks", "  a \t b\n", "[a][b]" },
	{ "single quotes", "a 'b | c' d", "[a][b | c][d]" },
	{ "double quotes", "a \"b \\\" \\\\ \\n\" c", "[a][b \" \\ \\n][c]" },
	{ "backslash", "a\\ b c\\|", "[a b][c|]" },
	{ "empty word", "a '' b", "[a][][b]" },
	{ "bar inside a word", "a|b", "[a|b]" },
	{ "quoted bar", "a '|' b", "[a][|][b]" },
	{ "nothing is expanded", "$HOME *.c `id` ~", "[$HOME][*.c][`id`][~]" },
	{ "empty", "", NULL },
	{ "only blanks", "  ", NULL },
	{ "bar first", "| a", NULL },
	{ "bar last", "a |", NULL },
	{ "two bars", "a | | b", NULL },
	{ "open quote", "a 'b", NULL },
	{ "open double quote", "a \"b\\\"", NULL },
};

static void show(struct strings *list, size_t count, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_byte(out, '|');
		for (size_t j = 0; j < list[i].count; j++)
			buf_addf(out, "[%s]", list[i].at[j]);
		strings_free(&list[i]);
	}
	free(list);
}

static void test_pipeline(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		AUTO_BUF got = { 0 };
		struct strings *list;
		struct fault why = { 0 };
		size_t count;

		if (words_pipeline(lines[i].text, &list, &count, &why) < 0) {
			if (lines[i].want || why.kind != FAULT_USAGE)
				fail_msg("%s: %s", lines[i].label, why.text);
			continue;
		}
		show(list, count, &got);
		if (!lines[i].want || strcmp(buf_text(&got), lines[i].want) != 0)
			fail_msg("%s: got %s", lines[i].label, buf_text(&got));
	}
}

static const struct {
	const char *text;
	bool taken;
	uint64_t bytes;
} sizes[] = {
	{ "0", true, 0 },
	{ "17", true, 17 },
	{ "2k", true, 2048 },
	{ "10G", true, UINT64_C(10) << 30 },
	{ "1T", true, UINT64_C(1) << 40 },
	{ "16777216T", false, 0 },
	{ "", false, 0 },
	{ "K", false, 0 },
	{ "-1K", false, 0 },
	{ "1.5M", false, 0 },
	{ "1 M", false, 0 },
	{ "1KB", false, 0 },
};

static const struct {
	const char *text;
	bool taken;
	int64_t ms;
} times[] = {
	{ "0", true, 0 },
	{ "250ms", true, 250 },
	{ "60s", true, 60000 },
	{ "5m", true, 300000 },
	{ "2d", true, 172800000 },
	{ "1w", true, 604800000 },
	{ "60", false, 0 },
	{ "9223372036854775807s", false, 0 },
	{ "s", false, 0 },
	{ "1h30m", false, 0 },
};

static void test_units(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t got = 0;

		if (units_bytes(slice_text(sizes[i].text), &got) != sizes[i].taken ||
			(sizes[i].taken && got != sizes[i].bytes))
			fail_msg("size %s", sizes[i].text);
	}
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t got = 0;

		if (units_time(slice_text(times[i].text), &got) != times[i].taken ||
			(times[i].taken && got != times[i].ms))
			fail_msg("time %s", times[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pipeline),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
