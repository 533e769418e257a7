/*
 * Slices: cutting, comparing, numbers.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/base/slice.h"

static const struct {
	const char *label, *text;
	bool taken;
	uint64_t value;
} numbers[] = {
	{ "zero", "0", true, 0 },
	{ "leading zeros", "0007", true, 7 },
	{ "largest", "18446744073709551615", true, UINT64_MAX },
	{ "one too large", "18446744073709551616", false, 0 },
	{ "ten times too large", "99999999999999999999", false, 0 },
	{ "empty", "", false, 0 },
	{ "sign", "-1", false, 0 },
	{ "plus", "+1", false, 0 },
	{ "blank", " 1", false, 0 },
	{ "hex", "0x10", false, 0 },
	{ "tail", "12a", false, 0 },
};

static void test_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint64_t value = 0;

		if (slice_number(slice_text(numbers[i].text), &value) != numbers[i].taken ||
			value != numbers[i].value)
			fail_msg("%s: %s", numbers[i].label, numbers[i].text);
	}
}

static void test_cut(void **state)
{
	struct slice rest = SLICE("a,,b,");
	struct slice piece;
	AUTO_BUF seen = { 0 };

	(void)state;
	while (slice_cut(&rest, ',', &piece))
		buf_addf(&seen, "[%.*s]", SLICE_ARG(piece));
	assert_string_equal(buf_text(&seen), "[a][][b][]");
}

static void test_line(void **state)
{
	struct slice rest = slice_of("one\r\ntwo\n\nlast\r", 15);
	struct slice line;
	AUTO_BUF seen = { 0 };

	(void)state;
	while (slice_line(&rest, &line))
		buf_addf(&seen, "[%.*s]", SLICE_ARG(line));
	assert_string_equal(buf_text(&seen), "[one][two][][last]");
}

static void test_bytes_not_text(void **state)
{
	struct slice a = slice_of("x\0y", 3);
	struct slice b = slice_of("x\0z", 3);

	(void)state;
	assert_false(slice_equal(a, b));
	assert_true(slice_equal(a, slice_of("x\0y", 3)));
	assert_int_equal(slice_find_byte(a, 'y'), 2);
	assert_int_equal(slice_find(a, slice_of("\0y", 2)), 1);
	assert_int_equal(slice_find(a, SLICE("absent")), -1);
}

static void test_case(void **state)
{
	(void)state;
	assert_true(slice_is_case(SLICE("SuBject"), "subject"));
	/* Only ASCII letters: @ and ` differ by the same bit as A and a. */
	assert_false(slice_is_case(SLICE("@"), "`"));
	assert_false(slice_is_case(SLICE("\xc4"), "\xe4"));
	assert_true(slice_starts_case(SLICE("RE: x"), "re:"));
	assert_false(slice_starts_case(SLICE("re"), "re:"));
	assert_true(slice_ends_case(SLICE("a.SIEVE"), ".sieve"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_bytes_not_text),
		cmocka_unit_test(test_case),
	};

	return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
