/*
 * spamtest, spamtestplus and virustest (RFC 5235): what a scanner left in the header.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

/* The settings of a row; those that are NULL are not set. */
struct scan {
	const char *label;
	const char *header;
	enum scanner_kind kind;
	const char *max;
	const char *max_header;
	const char *field;  /* of the message */
	const char *spam;   /* what spamtest sees, "" not tested */
	const char *percent;
	const char *virus;
};

/* The first four are Pigeonhole's examples. */
static const struct scan scans[] = {
	{ "a score below zero", "X-Spam-Score: [[:alnum:]]+, score=(-?[[:digit:]]+\\.[[:digit:]])",
		SCANNER_SCORE, "5.0", NULL, "X-Spam-Score: No, score=-3.2", "1", "0", "1" },
	{ "a word", "X-Spam-Status", SCANNER_TEXT, NULL, NULL, "X-Spam-Status: Yes", "10", "100",
		"0" },
	{ "letters", "X-Spam-Score", SCANNER_STRLEN, "5", NULL, "X-Spam-Score: sssssss", "10",
		"100", "5" },
	{ "its own maximum", "X-Spam-Score: score=(-?[[:digit:]]+\\.[[:digit:]]).*", SCANNER_SCORE,
		NULL, "X-Spam-Score: score=-?[[:digit:]]+\\.[[:digit:]] "
		"required=([[:digit:]]+\\.[[:digit:]])",
		"X-Spam-Score: status=3.2 score=3.2 required=5.0", "6", "64", "3" },
	{ "another word", "X-Spam-Status", SCANNER_TEXT, NULL, NULL, "X-Spam-Status: maybe", "4",
		"33", "4" },
	{ "a word that is not known", "X-Spam-Status", SCANNER_TEXT, NULL, NULL,
		"X-Spam-Status: Perhaps", "0", "0", "0" },
	{ "a word for not tested", "X-Spam-Status", SCANNER_TEXT, NULL, NULL,
		"X-Spam-Status: skipped", "0", "0", "0" },
	{ "a score without expression", "X-Spam-Score", SCANNER_SCORE, "10", NULL,
		"X-Spam-Score: 4.7 (****)", "5", "47", "2" },
	{ "nothing", "X-Spam-Score", SCANNER_SCORE, "10", NULL, "X-Spam-Score: 0", "1", "0", "1" },
	{ "just below", "X-Spam-Score", SCANNER_SCORE, "10", NULL, "X-Spam-Score: 9.99", "9",
		"99", "4" },
	{ "certain", "X-Spam-Score", SCANNER_SCORE, "10", NULL, "X-Spam-Score: 10", "10", "100",
		"5" },
	{ "beyond", "X-Spam-Score", SCANNER_SCORE, "10", NULL, "X-Spam-Score: +999999999.9",
		"10", "100", "5" },
	{ "too many digits", "X-Spam-Score", SCANNER_SCORE, "10", NULL,
		"X-Spam-Score: 99999999999999999999", "0", "0", "0" },
	{ "no number", "X-Spam-Score", SCANNER_SCORE, "10", NULL, "X-Spam-Score: n/a", "0", "0",
		"0" },
	{ "no letters", "X-Spam-Score", SCANNER_STRLEN, "5", NULL, "X-Spam-Score:", "1", "0",
		"1" },
	{ "no field", "X-Spam-Score", SCANNER_SCORE, "10", NULL, "X-Other: 10", "0", "0", "0" },
	{ "no maximum in it", "X-Spam-Score: ([0-9]+)", SCANNER_SCORE, NULL, "X-Max", "X-Spam-Score:"
		" 10", "0", "0", "0" },
	{ "a maximum of nothing", "X-Spam-Score", SCANNER_SCORE, "0", NULL, "X-Spam-Score: 10",
		"0", "0", "0" },
	{ "expression that does not match", "X-Spam-Score: ^score=(.*)$", SCANNER_SCORE, "10",
		NULL, "X-Spam-Score: 10", "0", "0", "0" },
	{ "expression without a group", "X-Spam-Score: [0-9]+", SCANNER_SCORE, "10", NULL,
		"X-Spam-Score: 10", "0", "0", "0" },
	{ "the topmost field counts", "X-Spam-Score", SCANNER_SCORE, "10", NULL,
		"X-Spam-Score: 10\nX-Spam-Score: 0", "10", "100", "5" },
	{ "and no other", "X-Spam-Score: ([0-9]+)", SCANNER_SCORE, "10", NULL,
		"X-Spam-Score: none\nX-Spam-Score: 0", "0", "0", "0" },
	{ "no scanner", NULL, SCANNER_SCORE, "10", NULL, "X-Spam-Score: 10", "0", "0", "0" },
};

static void use(const struct scan *row, bool virus)
{
	struct scanner_settings settings = { .header = mem_text(row->header), .kind = (int)row->kind,
		.max = mem_text(row->max), .max_header = mem_text(row->max_header) };

	if (!virus) {
		strings_add(&settings.texts, SLICE("1 No"));
		strings_add(&settings.texts, SLICE("10 Yes"));
		strings_add(&settings.texts, SLICE("42 never"));
	}
	strings_add(&settings.texts, SLICE("4   Maybe"));
	strings_add(&settings.texts, SLICE("0 skipped"));
	if (virus)
		sieve_case_settings.virus = settings;
	else
		sieve_case_settings.spam = settings;
}

static void drop(struct scanner_settings *settings)
{
	free(settings->header);
	free(settings->max);
	free(settings->max_header);
	strings_free(&settings->texts);
	*settings = (struct scanner_settings){ 0 };
}

static void expect(const struct scan *row, const char *test, const char *value)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF message = { 0 };
	bool counts = row->spam[0] != '0';
	struct sieve_case one = { row->label, NULL, SIEVE_TRUE };

	if (strcmp(test, "virustest") == 0)
		counts = row->virus[0] != '0';
	buf_addf(&text, "allof (%s \"%s\", %s :count \"eq\" \"%d\", %s :value \"eq\" :comparator "
		"\"i;ascii-numeric\" \"%s\")", test, value, test, counts, test, value);
	buf_addf(&message, "Subject: a\n%s\n\n", row->field);
	one.script = text.ptr;
	sieve_case_check_tests(&one, 1, REQUIRE, message.ptr);
}

static void test_scans(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(scans); i++) {
		use(&scans[i], false);
		use(&scans[i], true);
		expect(&scans[i], "spamtest", scans[i].spam);
		expect(&scans[i], "spamtest :percent", scans[i].percent);
		expect(&scans[i], "virustest", scans[i].virus);
		drop(&sieve_case_settings.spam);
		drop(&sieve_case_settings.virus);
	}
}

static const struct scan bad[] = {
	{ "no maximum set", "X-Spam-Score", SCANNER_SCORE, NULL, NULL, NULL,
		"keep;!r.sieve:2: spamtest: a score needs a setting that says what the most is: "
		"spam-max, virus-max", NULL, NULL },
	{ "no expression", "X-Spam-Score: (", SCANNER_SCORE, "5", NULL, NULL,
		"keep;!r.sieve:2: spamtest: setting \"X-Spam-Score: (\": bad regular expression at "
		"byte 2: missing closing parenthesis", NULL, NULL },
};

static void test_settings(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(bad); i++) {
		const struct sieve_case row = { bad[i].label, NULL, bad[i].spam };

		use(&bad[i], false);
		sieve_case_check_message(&row, REQUIRE "if spamtest \"1\" { discard; }",
			"X-Spam-Score: 1\n\n");
		drop(&sieve_case_settings.spam);
	}
}

static const struct sieve_case wrong[] = {
	{ "no require", "if spamtest \"1\" {}",
		"1:4 \"spamtest\" expected require \"spamtest\" at the top" },
	{ "spamtest is enough", "require \"spamtest\"; if spamtest \"1\" {}", "" },
	{ "spamtestplus is, too", "require \"spamtestplus\"; if spamtest \"1\" {}", "" },
	{ "spamtestplus for :percent", "require \"spamtest\"; if spamtest :percent \"1\" {}",
		"1:33 \":percent\" expected require \"spamtestplus\" at the top" },
	{ "no require of virustest", "if virustest \"1\" {}",
		"1:4 \"virustest\" expected require \"virustest\" at the top" },
	{ "viruses have no percentage", "require [\"virustest\", \"spamtestplus\"]; if virustest "
		":percent \"1\" {}", "1:53 \"virustest\" knows no \":percent\", expected :is, "
		":contains, :matches, :regex, :count, :value, :comparator" },
	{ "one value", "require \"spamtest\"; if spamtest [\"1\", \"2\"] {}",
		"1:33 expected one string, no list" },
};

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(wrong, SIEVE_COUNT(wrong));
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_scans),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
