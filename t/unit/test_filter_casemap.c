/*
 * i;unicode-casemap (RFC 5051), and i;ascii-numeric (RFC 4790 section 9.1).
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/unicode/casemap.h"
#include "t/unit/sieve_check.h"

static const struct {
	const char *label;
	const char *text;
	const char *folded;
} folds[] = {
	{ "nothing", "", "" },
	{ "ASCII", "aZ[`{~", "AZ[`{~" },
	{ "the example of section 2", "\u01c4", "Dz\u030c" },
	{ "its small twin", "\u01c6", "Dz\u030c" },
	{ "umlaut", "\u00e4\u00c4", "A\u0308A\u0308" },
	{ "sharp s has no titlecase of one character", "\u00df", "\u00df" },
	{ "both small sigmas", "\u03c3\u03c2\u03a3", "\u03a3\u03a3\u03a3" },
	{ "cyrillic short i", "\u0439", "\u0418\u0306" },
	{ "fullwidth letters", "\uff41\uff21", "AA" },
	{ "decomposed after the case", "\ufb01", "fi" },
	{ "twice decomposed", "\u1ed7", "O\u0302\u0303" },
	{ "order of marks stays", "a\u0301\u0323", "A\u0301\u0323" },
	{ "Hangul", "\uac01\uac00\ud7a3", "\u1100\u1161\u11a8\u1100\u1161\u1112\u1175\u11c2" },
	{ "beyond 16 bits", "\U00010428", "\U00010400" },
	{ "emoji", "\U0001f600", "\U0001f600" },
	{ "last character", "\U0010ffff", "\U0010ffff" },
	{ "no UTF-8: unchanged, all of it", "a\xe4", "a\xe4" },
	{ "overlong", "a\xc1\xa1", "a\xc1\xa1" },
	{ "surrogate", "a\xed\xa0\x80", "a\xed\xa0\x80" },
	{ "cut", "a\xc3", "a\xc3" },
};

static void test_folds(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(folds); i++) {
		AUTO_BUF got = { 0 };

		casemap_fold(&got, slice_text(folds[i].text));
		if (strcmp(buf_text(&got), folds[i].folded) != 0)
			fail_msg("%s: got <%s>", folds[i].label, buf_text(&got));
	}
}

static const struct {
	const char *value;
	const char *key;
	const char *captures; /* "whole|first|..."; NULL: no match */
} globs[] = {
	{ "", "", "" },
	{ "", "?", NULL },
	{ "", "*", "|" },
	{ "abc", "A*", "abc|bc" },
	{ "abcbcd", "*bc*d", "abcbcd|a|bc" },
	{ "aXbXc", "*x*", "aXbXc|a|bXc" },
	{ "ab", "a*ab", NULL },
	{ "abba", "ab*ba", "abba|" },
	{ "ab", "**", "ab||ab" },
	{ "a*c", "a\\*c", "a*c" },
	{ "a\\c", "a\\\\c", "a\\c" },
	{ "a\\", "a\\", "a\\" },
	{ "caf\u00e9", "CAF?", "caf\u00e9|\u00e9" },
	{ "caf\u00e9", "cafe?", "caf\u00e9|\u00e9" },
	{ "caf\u00e9", "CAFE\u0301", "caf\u00e9" },
	{ "\u00e9\u00e9", "???", NULL },
	{ "\u00e9x\u00e9", "*?X?", "\u00e9x\u00e9||\u00e9|\u00e9" },
	{ "\u20ac\u20ac", "?*", "\u20ac\u20ac|\u20ac|\u20ac" },
	{ "\u00dcber M\u00fcnchen", "\u00fcber *", "\u00dcber M\u00fcnchen|M\u00fcnchen" },
	{ "M\u00fcnchen s\u00fc\u00df", "* S\u00dc\u00df", "M\u00fcnchen s\u00fc\u00df|M\u00fcnchen" },
	{ "\uff0a", "*", "\uff0a|\uff0a" },
	{ "ab", "\uff0a", NULL },
	{ "a", "\uff1f", NULL },
	{ "*", "\uff0a", "*" },
	{ "?", "\\\uff1f", "?" },
	{ "\\", "\uff3c", "\\" },
	{ "\xe4X", "?x", "\xe4X|\xe4" },
	{ "\xe4x", "?x", NULL },
};

static void test_globs(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(globs); i++) {
		struct slice value = slice_text(globs[i].value);
		struct captures captures;
		AUTO_BUF key = { 0 };
		AUTO_BUF got = { 0 };
		int result;

		casemap_fold_glob(&key, slice_text(globs[i].key));
		result = casemap_glob(value, buf_slice(&key), &captures);
		for (size_t c = 0; result == 1 && c < captures.count; c++) {
			if (c > 0)
				buf_add_byte(&got, '|');
			buf_add(&got, value.ptr + captures.at[c].from,
				captures.at[c].to - captures.at[c].from);
		}
		if ((result == 1) != (globs[i].captures != NULL) ||
			(result == 1 && strcmp(buf_text(&got), globs[i].captures) != 0))
			fail_msg("%s against %s: got %d <%s>", globs[i].value, globs[i].key,
				result, buf_text(&got));
	}
}

/* Quadratic at worst, and then given up. */
static void test_glob_budget(void **state)
{
	AUTO_BUF value = { 0 };
	AUTO_BUF key = { 0 };

	(void)state;
	for (int i = 0; i < 200000; i++)
		buf_add_text(&value, "a");
	buf_add_byte(&key, '*');
	for (int i = 0; i < 100000; i++)
		buf_add_text(&key, "?");
	buf_add_text(&key, "b*");
	assert_int_equal(casemap_glob(buf_slice(&value), buf_slice(&key), NULL), -1);
}

static void test_unfinished(void **state)
{
	(void)state;
	assert_int_equal(casemap_unfinished(SLICE("")), 0);
	assert_int_equal(casemap_unfinished(SLICE("a")), 0);
	assert_int_equal(casemap_unfinished(SLICE("\xc3")), 1);
	assert_int_equal(casemap_unfinished(SLICE("\xc3\xa4")), 0);
	assert_int_equal(casemap_unfinished(SLICE("\xf0\x9f\x98")), 3);
	assert_int_equal(casemap_unfinished(SLICE("\xf0\x9f\x98\x80")), 0);
	assert_int_equal(casemap_unfinished(SLICE("\x80\x80\x80\x80")), 0);
	assert_int_equal(casemap_unfinished(SLICE("\xff")), 0);
}

static const char message[] =
	"Subject: Gr\u00fc\u00dfe aus M\u00fcnchen\n"
	"X-Latin: =?iso-8859-1?q?=C4PFEL?=\n"
	"X-Empty:\n"
	"X-Ten: 010 apples\n"
	"X-Word: ten\n"
	"X-Big: 4294967298b\n"
	"X-Big: 04294967298\n"
	"X-Minus: -5\n"
	"X-Plus: +5\n"
	"\n"
	"Sch\u00f6ne Gr\u00fc\u00dfe\n";

#define UNICODE " :comparator \"i;unicode-casemap\" "
#define NUMERIC " :comparator \"i;ascii-numeric\" "
#define CAPABILITIES \
	"require [\"body\", \"comparator-i;unicode-casemap\"];\n" REQUIRE

static const struct sieve_case rows[] = {
	{ "is", "header" UNICODE ":is \"subject\" \"GR\u00dc\u00dfE AUS M\u00dcNCHEN\"",
		SIEVE_TRUE },
	{ "not so with ASCII", "header :contains \"subject\" \"GR\u00dc\"", SIEVE_FALSE },
	{ "contains", "header" UNICODE ":contains \"subject\" \"m\u00dcnc\"", SIEVE_TRUE },
	{ "contains the letter below the mark", "header" UNICODE ":contains \"subject\" \"mu\"",
		SIEVE_TRUE },
	{ "decoded words", "header" UNICODE "\"x-latin\" \"\u00e4pfel\"", SIEVE_TRUE },
	{ "captures as they stood", "allof (header" UNICODE ":matches \"subject\" "
		"\"GR\u00dc* AUS *\", string :comparator \"i;octet\" \"${2}\" \"M\u00fcnchen\")",
		SIEVE_TRUE },
	{ "key of a variable", "allof (header :matches \"x-latin\" \"*\", header" UNICODE
		":matches \"x-latin\" \"${1}*\")", SIEVE_TRUE },
	{ "regex", "header" UNICODE ":regex \"subject\" \"^GR\u00dc..? AUS\"", SIEVE_TRUE },
	{ "value", "header" UNICODE ":value \"gt\" \"x-latin\" \"aO\"", SIEVE_TRUE },
	{ "value lt", "header" UNICODE ":value \"lt\" \"x-latin\" \"AZ\"", SIEVE_FALSE },
	{ "count", "header" UNICODE ":count \"eq\" \"x-big\" \"2\"", SIEVE_TRUE },
	{ "body contains", "body" UNICODE ":contains \"SCH\u00d6NE gr\u00dc\u00df\"", SIEVE_TRUE },
	{ "body is", "body" UNICODE ":is text:\nSCHO\u0308NE GRU\u0308\u00dfE\n.\n", SIEVE_TRUE },
	{ "body matches", "body" UNICODE ":matches \"*SCH?NE*\"", SIEVE_TRUE },
	{ "address", "address" UNICODE ":contains \"from\" \"\"", SIEVE_FALSE },
	/* i;ascii-numeric: the examples of section 9.1.1 */
	{ "0 < 1", "string" NUMERIC ":value \"lt\" \"0\" \"1\"", SIEVE_TRUE },
	{ "beyond 32 bits", "string" NUMERIC ":value \"lt\" \"1\" \"4294967298\"", SIEVE_TRUE },
	{ "beyond 64 bits", "string" NUMERIC ":value \"gt\" \"100000000000000000000000\" "
		"\"99999999999999999999999\"", SIEVE_TRUE },
	{ "equal", "header" NUMERIC ":index 1 \"x-big\" \"4294967298\"", SIEVE_TRUE },
	{ "leading zeros", "header" NUMERIC ":last :index 1 \"x-big\" \"4294967298\"",
		SIEVE_TRUE },
	{ "less than nothing", "string" NUMERIC ":value \"lt\" \"04294967298\" \"\"", SIEVE_TRUE },
	{ "no numbers are equal", "string" NUMERIC "[\"\", \"x\"] \"y\"", SIEVE_TRUE },
	{ "cut at the first other byte", "header" NUMERIC "\"x-ten\" \"10.5\"", SIEVE_TRUE },
	{ "a sign is no digit", "header" NUMERIC ":value \"gt\" \"x-minus\" \"99\"", SIEVE_TRUE },
	{ "a plus is none", "header" NUMERIC "\"x-plus\" \"5\"", SIEVE_FALSE },
	{ "a word is infinite", "header" NUMERIC ":value \"eq\" \"x-word\" \"y\"", SIEVE_TRUE },
	{ "the empty field", "header" NUMERIC ":value \"ge\" \"x-empty\" \"1\"", SIEVE_TRUE },
	{ "zeros", "string" NUMERIC "\"000\" \"0\"", SIEVE_TRUE },
	{ "counts, RFC 5231", "header :count \"ge\"" NUMERIC "[\"x-big\", \"x-ten\"] \"3\"",
		SIEVE_TRUE },
	{ "counts of none", "header :count \"lt\"" NUMERIC "\"x-none\" \"1\"", SIEVE_TRUE },
	{ "a count is less than no number", "header :count \"lt\"" NUMERIC "\"x-big\" \"many\"",
		SIEVE_TRUE },
};

#define WHOLE "comparator \"i;ascii-numeric\" compares whole values, expected :is, :value or :count"

static const struct sieve_case wrong[] = {
	{ "no require", "if header" UNICODE "\"a\" \"b\" {}",
		"1:11 this comparator expected require \"comparator-i;unicode-casemap\" at the "
		"top" },
	{ "unknown", "if header :comparator \"i;unicode\" \"a\" \"b\" {}",
		"1:11 unknown comparator \"i;unicode\", expected \"i;ascii-casemap\", "
		"\"i;octet\", \"i;ascii-numeric\" or \"i;unicode-casemap\"" },
	{ "numeric has no substrings", "require \"comparator-i;ascii-numeric\"; if header"
		NUMERIC ":contains \"a\" \"1\" {}", "1:42 " WHOLE },
	{ "numeric has no wildcards", "require \"comparator-i;ascii-numeric\"; if header" NUMERIC
		":matches \"a\" \"1\" {}", "1:42 " WHOLE },
};

static void test_tests(void **state)
{
	(void)state;
	sieve_case_check_tests(rows, SIEVE_COUNT(rows), CAPABILITIES, message);
}

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(wrong, SIEVE_COUNT(wrong));
}

/* A character that two pieces of a body share. */
static void test_long_body(void **state)
{
	static const struct sieve_case row = { "across pieces",
		"body" UNICODE ":contains \"A\u00c4\u00c4\u00c4B\"", SIEVE_TRUE };

	(void)state;
	for (size_t pad = 65500; pad < 65540; pad++) {
		AUTO_BUF long_message = { 0 };

		buf_add_text(&long_message, "Content-Type: text/plain; charset=utf-8\n\n");
		for (size_t i = 0; i < pad; i++)
			buf_add_byte(&long_message, 'x');
		buf_add_text(&long_message, "a\u00e4\u00e4\u00e4b");
		sieve_case_check_tests(&row, 1, CAPABILITIES, long_message.ptr);
	}
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_folds),
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_glob_budget),
		cmocka_unit_test(test_unfinished),
		cmocka_unit_test(test_tests),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_body),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
