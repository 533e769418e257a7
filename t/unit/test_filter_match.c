/*
 * Values against keys: globs with their captures, comparators, relations.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/match.h"
#include "filter/regex.h"

static const struct {
	const char *value;
	const char *key;
	const char *captures; /* "whole|first|..."; NULL: no match */
} globs[] = {
	{ "", "", "" },
	{ "", "*", "|" },
	{ "", "?", NULL },
	{ "a", "", NULL },
	{ "a", "a", "a" },
	{ "abc", "a*", "abc|bc" },
	{ "abc", "*c", "abc|ab" },
	{ "abc", "*b*", "abc|a|c" },
	{ "abc", "a?c", "abc|b" },
	{ "abc", "???", "abc|a|b|c" },
	{ "abc", "????", NULL },
	{ "abcbc", "*bc", "abcbc|abc" },
	{ "abcbcd", "*bc*d", "abcbcd|a|bc" },
	{ "aXbXc", "*X*", "aXbXc|a|bXc" },
	{ "a*c", "a\\*c", "a*c" },
	{ "abc", "a\\*c", NULL },
	{ "a?c", "*\\?*", "a?c|a|c" },
	{ "a\\c", "a\\\\c", "a\\c" },
	{ "a\\", "a\\", "a\\" },
	{ "abc", "\\abc", "abc" },
	{ "aab", "*ab", "aab|a" },
	{ "ab", "a*ab", NULL },
	{ "aba", "ab*ba", NULL },
	{ "abba", "ab*ba", "abba|" },
	{ "abcd", "*?d", "abcd|ab|c" },
	{ "x.y.z", "?.*.?", "x.y.z|x|y|z" },
	{ "ab", "**", "ab||ab" },
};

static void test_globs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(globs) / sizeof(globs[0]); i++) {
		struct captures captures;
		struct slice value = slice_text(globs[i].value);
		AUTO_BUF got = { 0 };
		int result = match_glob(value, slice_text(globs[i].key), &captures);

		for (size_t c = 0; result == 1 && c < captures.count; c++) {
			if (c > 0)
				buf_add_byte(&got, '|');
			buf_add(&got, value.ptr + captures.at[c].from,
				captures.at[c].to - captures.at[c].from);
		}
		if ((result == 1) != (globs[i].captures != NULL) ||
			(result == 1 && strcmp(buf_text(&got), globs[i].captures) != 0))
			fail_msg("%s on %s: %d <%s>", globs[i].key, globs[i].value, result,
				buf_text(&got));
		assert_int_equal(match_glob(value, slice_text(globs[i].key), NULL), result);
	}
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static const struct {
	enum comparator comparator;
	const char *a;
	const char *b;
	int order;
} orders[] = {
	{ COMPARE_OCTET, "", "", 0 },
	{ COMPARE_OCTET, "", "a", -1 },
	{ COMPARE_OCTET, "a", "B", 1 },
	{ COMPARE_OCTET, "ab", "a", 1 },
	{ COMPARE_NUMERIC, "10", "9", 1 },
	{ COMPARE_NUMERIC, "007", "7", 0 },
	{ COMPARE_NUMERIC, "0", "000", 0 },
	{ COMPARE_NUMERIC, "7 apples", "7", 0 },
	{ COMPARE_NUMERIC, "x", "7", 1 },
	{ COMPARE_NUMERIC, "7", "", -1 },
	{ COMPARE_NUMERIC, "", "x", 0 },
	{ COMPARE_NUMERIC, "99999999999999999999999999", "99999999999999999999999998", 1 },
};

static void test_orders(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		int got = match_order(orders[i].comparator, slice_text(orders[i].a),
			slice_text(orders[i].b));

		if (sign(got) != orders[i].order)
			fail_msg("%s against %s: %d", orders[i].a, orders[i].b, got);
	}
}

static void test_relations(void **state)
{
	(void)state;
	assert_true(match_relation(RELATION_GT, 1) && !match_relation(RELATION_GT, 0));
	assert_true(match_relation(RELATION_GE, 0) && !match_relation(RELATION_GE, -1));
	assert_true(match_relation(RELATION_LT, -1) && !match_relation(RELATION_LT, 0));
	assert_true(match_relation(RELATION_LE, 0) && !match_relation(RELATION_LE, 1));
	assert_true(match_relation(RELATION_EQ, 0) && !match_relation(RELATION_EQ, 1));
	assert_true(match_relation(RELATION_NE, 1) && !match_relation(RELATION_NE, 0));
}

/* Many stars on a long text: linear, or given up; never forever. */
static void test_hostile_globs(void **state)
{
	AUTO_BUF value = { 0 };
	AUTO_BUF key = { 0 };

	(void)state;
	while (value.len < 1 << 20)
		buf_add_text(&value, "aaaaaaaa");
	for (int i = 0; i < 1000; i++)
		buf_add_text(&key, "*a");
	buf_add_text(&key, "*b");
	assert_int_equal(match_glob(buf_slice(&value), buf_slice(&key), NULL), 0);
	buf_clear(&key);
	buf_add_byte(&key, '*');
	for (int i = 0; i < 1000; i++)
		buf_add_text(&key, "aaaaaaaa");
	buf_add_text(&key, "?b*");
	assert_int_equal(match_glob(buf_slice(&value), buf_slice(&key), NULL), -1);
}

static void test_regex_bytes(void **state)
{
	struct fault why;
	struct regex *regex = regex_compile(SLICE("\xff(.)"), false, &why);
	struct captures captures;

	(void)state;
	assert_non_null(regex);
	assert_int_equal(regex_match(regex, SLICE("a\xff\xfe"), &captures, &why), 1);
	assert_int_equal(captures.count, 2);
	assert_int_equal(captures.at[1].from, 2);
	regex_free(regex);
	regex = regex_compile(SLICE("^b$"), true, &why);
	assert_int_equal(regex_match(regex, SLICE("a\nB\nc\xff"), NULL, &why), 1);
	assert_int_equal(regex_match(regex, SLICE("ab"), NULL, &why), 0);
	regex_free(regex);
	assert_null(regex_compile(SLICE("a["), true, &why));
	assert_int_equal(why.kind, FAULT_DATA);
	assert_null(regex_compile(SLICE("\\C"), true, &why));
}

/* Few steps but many bytes: the clock ends it. A long text that matches soon is no harm. */
/* Machine code is made once, for short texts and for long ones: seen by a leak checker. */
static void test_regex_often(void **state)
{
	struct regex *regex;
	AUTO_BUF text = { 0 };
	struct fault why;

	(void)state;
	regex = regex_compile(SLICE("x+y"), false, &why);
	assert_non_null(regex);
	for (size_t i = 0; i < 3000; i++)
		buf_add_byte(&text, 'x');
	buf_add_byte(&text, 'y');
	for (size_t i = 0; i < 40; i++) {
		assert_int_equal(regex_match(regex, buf_slice(&text), NULL, &why), 1);
		assert_int_equal(regex_match(regex, SLICE("axy"), NULL, &why), 1);
	}
	regex_free(regex);
}

static void test_regex_time(void **state)
{
	AUTO_BUF text = { 0 };
	struct captures captures;
	struct fault why;
	struct regex *regex = regex_compile(SLICE("a.*b.*c"), false, &why);

	(void)state;
	while (text.len < 1 << 20)
		buf_add_text(&text, "ab");
	assert_int_equal(regex_match(regex, buf_slice(&text), NULL, &why), -1);
	assert_int_equal(why.kind, FAULT_RUNTIME);
	buf_add_byte(&text, 'c');
	assert_int_equal(regex_match(regex, buf_slice(&text), &captures, &why), 1);
	assert_int_equal(captures.at[0].to, text.len);
	assert_int_equal(regex_match(regex, SLICE("xabc"), &captures, &why), 1);
	assert_int_equal(captures.at[0].from, 1);
	regex_free(regex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_relations),
		cmocka_unit_test(test_hostile_globs),
		cmocka_unit_test(test_regex_bytes),
		cmocka_unit_test(test_regex_often),
		cmocka_unit_test(test_regex_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
