/*
 * UTF-8: the edges of RFC 3629 section 4.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/utf8.h"

static void lengths(void **state)
{
	static const struct {
		const char *label;
		struct slice in;
		int length;
	} rows[] = {
		{ "nothing", SLICE(""), 0 },
		{ "NUL", SLICE("\0"), 1 },
		{ "U+007F", SLICE("\x7f"), 1 },
		{ "U+0080", SLICE("\xc2\x80"), 2 },
		{ "overlong U+007F", SLICE("\xc1\xbf"), -1 },
		{ "overlong NUL", SLICE("\xc0\x80"), -1 },
		{ "U+0800", SLICE("\xe0\xa0\x80"), 3 },
		{ "overlong U+07FF", SLICE("\xe0\x9f\xbf"), -1 },
		{ "U+D7FF", SLICE("\xed\x9f\xbf"), 3 },
		{ "surrogate U+D800", SLICE("\xed\xa0\x80"), -1 },
		{ "U+E000", SLICE("\xee\x80\x80"), 3 },
		{ "U+10000", SLICE("\xf0\x90\x80\x80"), 4 },
		{ "overlong U+FFFF", SLICE("\xf0\x8f\xbf\xbf"), -1 },
		{ "U+10FFFF", SLICE("\xf4\x8f\xbf\xbf"), 4 },
		{ "U+110000", SLICE("\xf4\x90\x80\x80"), -1 },
		{ "five bytes", SLICE("\xf8\x88\x80\x80\x80"), -1 },
		{ "tail alone", SLICE("\x80"), -1 },
		{ "cut after 1 of 2", SLICE("\xc3"), 0 },
		{ "cut after 3 of 4", SLICE("\xf0\x90\x80"), 0 },
		{ "cut, and wrong already", SLICE("\xf0\x80"), -1 },
		{ "a letter in the tail", SLICE("\xe2\x82x"), -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (utf8_length(rows[i].in) != rows[i].length)
			fail_msg("%s: %d", rows[i].label, utf8_length(rows[i].in));
	}
}

static void every_character_comes_back(void **state)
{
	AUTO_BUF text = { 0 };

	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		int length;

		if (c == 0xd800)
			c = 0xe000;
		buf_clear(&text);
		utf8_put(&text, c);
		length = utf8_length(buf_slice(&text));
		if (length != (int)text.len || utf8_value(buf_slice(&text), length) != c)
			fail_msg("U+%04X", (unsigned)c);
	}
}

static void no_character_is_replaced(void **state)
{
	AUTO_BUF text = { 0 };

	(void)state;
	utf8_put(&text, 0xd800);
	utf8_put(&text, 0xdfff);
	utf8_put(&text, 0x110000);
	assert_string_equal(buf_text(&text),
		UTF8_REPLACEMENT UTF8_REPLACEMENT UTF8_REPLACEMENT);
}

static void valid(void **state)
{
	(void)state;
	assert_true(utf8_valid(SLICE("")));
	assert_true(utf8_valid(SLICE("a\0\xe2\x82\xac")));
	assert_false(utf8_valid(SLICE("a\xe2\x82")));
	assert_false(utf8_valid(SLICE("\xff")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths),
		cmocka_unit_test(every_character_comes_back),
		cmocka_unit_test(no_character_is_replaced),
		cmocka_unit_test(valid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
