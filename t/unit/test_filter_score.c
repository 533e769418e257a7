/*
 * score and weight (vnd.mailrail.score), raw, defer and debug_log.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/score/count.h"
#include "t/unit/sieve_check.h"

#define NEEDS \
	"require [\"vnd.mailrail.score\",\"vnd.mailrail.raw\",\"vnd.mailrail.defer\"," \
	"\"vnd.mailrail.program\",\"vnd.dovecot.debug\",\"variables\",\"fileinto\",\"copy\"," \
	"\"reject\",\"regex\",\"imap4flags\"];"
#define KEPT "keep;!r.sieve:1: "
#define LATER KEPT "a message that is deferred comes again: nothing else may be done with it"

static const struct sieve_case tests[] = {
	{ "no weight", "score (true, header :contains \"subject\" \"present\")", SIEVE_TRUE },
	{ "no weight, one false", "score (true, false)", SIEVE_FALSE },
	{ "positive", "score (weight \"1^0\" true)", SIEVE_TRUE },
	{ "zero", "score (weight \"0^0\" true)", SIEVE_FALSE },
	{ "a fraction is positive", "score (weight \".25^1\" true)", SIEVE_TRUE },
	{ "negative", "score (weight \"-1^0\" true, weight \"0.5^0\" true)", SIEVE_FALSE },
	{ "a test without weight must hold", "score (weight \"9^0\" true, false)", SIEVE_FALSE },
	{ "not", "score (weight \"2^0\" not false, weight \"-1^0\" true)", SIEVE_TRUE },
	{ "found three times", "score (weight \"-5^0\" true, weight \"2^1\" raw :contains "
		"\"Received:\")", SIEVE_TRUE },
	{ "and no more", "score (weight \"-6^0\" true, weight \"2^1\" raw :contains "
		"\"received:\")", SIEVE_FALSE },
	{ "w, wx, wxx", "score (weight \"-6.9^0\" true, weight \"4^.5\" raw :regex "
		"\"^received:\")", SIEVE_TRUE },
	{ "4 + 2 + 1", "score (weight \"-7^0\" true, weight \"4^.5\" raw :regex "
		"\"^received:\")", SIEVE_FALSE },
	{ "the body", "score (weight \"1^1\" raw :body :regex \"o\", weight \"-2^0\" true)",
		SIEVE_FALSE },
	{ "plus infinity ends it", "score (weight \"2147483647^0\" true, weight "
		"\"-2147483647^0\" true)", SIEVE_TRUE },
	{ "minus infinity is false", "score (weight \"-2147483647^0\" true, weight "
		"\"2147483647^0\" true, weight \"5^0\" true)", SIEVE_FALSE },
	{ "size over", "score (weight \"1^1\" size :over 1)", SIEVE_TRUE },
	{ "size: (1/M)^3", "score (weight \"1^3\" size :under 1, weight \"-.001^0\" true)",
		SIEVE_FALSE },
	{ "within anyof", "anyof (false, score (weight \"1^0\" true))", SIEVE_TRUE },
	{ "raw: undecoded", "raw :contains \"=?iso-8859-1?q?Gr\"", SIEVE_TRUE },
	{ "raw: unfolded", "raw :regex \"^subject: +I have a present.+for you +$\"", SIEVE_TRUE },
	{ "raw: case", "raw :comparator \"i;octet\" :contains \"subject:\"", SIEVE_FALSE },
	{ "raw: no body", "raw :contains \"Look\"", SIEVE_FALSE },
	{ "raw: body", "raw :body :is \"Look.\n\"", SIEVE_TRUE },
	{ "raw: both at once", "raw :message :regex \"lists.example.com>\\\\n\\\\nLook\"",
		SIEVE_TRUE },
};

static const struct sieve_case rows[] = {
	{ "the sum as a text", NEEDS "if score :output \"s\" (weight \"10.7^1\" raw :contains "
		"\"received:\", weight \"-1^0\" true) { fileinto \"${s}\"; }", "fileinto \"31\";" },
	{ "of a false one", NEEDS "if not score :output \"s\" (weight \"-10.7^1\" true) "
		"{ fileinto \"${s}\"; }", "fileinto \"-10\";" },
	{ "0.3 is 1", NEEDS "if score :output \"s\" (weight \".3^1\" true) "
		"{ fileinto \"${s}\"; }", "fileinto \"1\";" },
	{ "found for ever", NEEDS "if score :output \"s\" (weight \"1^1\" raw :regex \"x*\") "
		"{ fileinto \"${s}\"; }", "fileinto \"2147483647\";" },
	{ "for ever, less and less", NEEDS "if score :output \"s\" (weight \"8^.5\" raw :regex "
		"\"\") { fileinto \"${s}\"; }", "fileinto \"16\";" },
	{ "a pattern of variables that is none", NEEDS "set \"v\" \"(\"; if score (weight \"1^1\" "
		"raw :regex \"${v}\") { stop; }",
		KEPT "bad regular expression at byte 2: missing closing parenthesis" },
	{ "defer", NEEDS "defer;", "defer \"a rule defers it\";" },
	{ "with a reason", NEEDS "if header :matches \"subject\" \"*\" { defer \"not now: ${1}\"; }",
		"defer \"not now: I have a present for you\";" },
	{ "twice is once", NEEDS "defer \"a\"; defer \"b\";", "defer \"a\";" },
	{ "with a discard", NEEDS "discard; defer \"a\";", "defer \"a\";" },
	{ "then fileinto", NEEDS "defer; fileinto \"a\";", LATER },
	{ "behind fileinto", NEEDS "fileinto \"a\"; defer;", LATER },
	{ "behind keep", NEEDS "keep; defer;", LATER },
	{ "then keep", NEEDS "defer; keep;", LATER },
	{ "then reject", NEEDS "defer; reject \"a\";", LATER },
	{ "behind redirect", NEEDS "redirect :copy \"a@b.org\"; defer;", LATER },
	{ "debug_log", NEEDS "debug_log \"a\\nb\"; fileinto \"x\";", "fileinto \"x\";" },
};

static const struct sieve_case refused[] = {
	{ "weight alone", "require \"vnd.mailrail.score\"; if weight \"1^1\" true { keep; }",
		"1:31 \"weight\" stands alone, expected \"score (weight ..., ...)\" around it" },
	{ "weight within not", "require \"vnd.mailrail.score\"; if score (not weight \"1^1\" true) "
		"{ keep; }",
		"1:31 \"weight\" stands alone, expected \"score (weight ..., ...)\" around it" },
	{ "no weight", "require \"vnd.mailrail.score\"; if score (weight \"1\" true) { keep; }",
		"1:48 \"1\" is no weight, expected two numbers: \"1000^0.75\"" },
	{ "too large", "require \"vnd.mailrail.score\"; if score (weight \"2147483648^1\" true) "
		"{ keep; }",
		"1:48 \"2147483648^1\" is no weight, expected two numbers: \"1000^0.75\"" },
	{ "no require", "if raw \"a\" { keep; }",
		"1:4 \"raw\" expected require \"vnd.mailrail.raw\" at the top" },
	{ "no require", "defer;", "1:1 \"defer\" expected require \"vnd.mailrail.defer\" at the top" },
	{ "no text", "require \"vnd.dovecot.debug\"; debug_log;",
		"1:30 \"debug_log\" expected a string" },
};

static void table_of_tests(void **state)
{
	(void)state;
	sieve_case_check_tests(tests, sizeof(tests) / sizeof(tests[0]), NEEDS, sieve_case_message);
}

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		sieve_case_check(&rows[i], rows[i].script);
	sieve_case_check_refused(refused, sizeof(refused) / sizeof(refused[0]));
}

static void weights(void **state)
{
	static const struct {
		const char *text;
		bool good;
		double w, x;
	} texts[] = {
		{ "1^0", true, 1, 0 }, { "-150^.5", true, -150, .5 }, { "+2.^1.25", true, 2, 1.25 },
		{ "-2147483647^2147483647", true, -SCORE_INFINITE, SCORE_INFINITE },
		{ "^1", false, 0, 0 }, { "1^", false, 0, 0 }, { "1", false, 0, 0 },
		{ "", false, 0, 0 }, { "1e3^1", false, 0, 0 }, { "0x1^1", false, 0, 0 },
		{ "inf^1", false, 0, 0 }, { "nan^1", false, 0, 0 }, { ".^1", false, 0, 0 },
		{ " 1^1", false, 0, 0 }, { "1^1 ", false, 0, 0 }, { "1 ^1", false, 0, 0 },
		{ "1^1^1", false, 0, 0 }, { "--1^1", false, 0, 0 }, { "1,5^1", false, 0, 0 },
		{ "2147483647.5^1", false, 0, 0 },
		{ "1^00000000000000000000000000000000000000001", false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct weight got = { 0 };
		bool good = weight_read(slice_text(texts[i].text), &got);

		if (good != texts[i].good || (good && (got.w < texts[i].w || got.w > texts[i].w ||
							   got.x < texts[i].x || got.x > texts[i].x)))
			fail_msg("\"%s\"", texts[i].text);
	}
}

/* What procmail 3.22 counted, with 1^1. */
static void counts(void **state)
{
	static const struct {
		const char *pattern;
		const char *text;
		long found;
	} texts[] = {
		{ "^.*$", "a\nb\n", 3 }, { "^.*$", "a\n\nb\n", 4 }, { "^.*$", "a\nb", 2 },
		{ "a+", "aaa\n", 3 }, { "^a", "aab\na\n", 2 }, { "^a$", "a\na\na\n", 3 },
		{ "a$", "a\na\na", 3 }, { "abc|b", "abcabc\n", 2 }, { "axxxxb|x", "axxxxb", 4 },
		{ "x*", "abc", 2147483647 }, { "^", "a\nb\n", 2147483647 }, { "none", "abc", 0 },
		{ "A", "aAa", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		static const struct weight one = { .w = 1, .x = 1 };
		struct score score = { 0 };
		struct weighing g;
		struct fault why = { 0 };

		weighing_start(&g, &score, &one);
		assert_int_equal(count_regex(&g, slice_text(texts[i].pattern), true,
			slice_text(texts[i].text), &why), 0);
		weighing_end(&g);
		if (score_number(&score) != texts[i].found)
			fail_msg("%s: %ld", texts[i].pattern, score_number(&score));
	}
}

/* A limit that is hit is an error, never a count. */
static void counts_end(void **state)
{
	static const struct weight one = { .w = 1, .x = 1 };
	AUTO_BUF text = { 0 };
	struct score score = { 0 };
	struct weighing g;
	struct fault why = { 0 };

	(void)state;
	for (int i = 0; i < 300000; i++)
		buf_add_text(&text, "aaaa");
	weighing_start(&g, &score, &one);
	assert_int_equal(count_regex(&g, SLICE("(a|aa)*(b|c)"), true, buf_slice(&text), &why), -1);
	assert_int_equal(why.kind, FAULT_RUNTIME);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(table_of_tests),
		cmocka_unit_test(table),
		cmocka_unit_test(weights),
		cmocka_unit_test(counts),
		cmocka_unit_test(counts_end),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
