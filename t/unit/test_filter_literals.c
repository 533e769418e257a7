/*
 * Texts that a pattern needs: rows, and random expressions against PCRE2 itself.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/index/literals.h"
#include "filter/match.h"
#include "filter/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static const struct {
	const char *pattern;
	const char *texts; /* parted by "|" */
	bool sound;
} rows[] = {
	{ "", "", true },
	{ "abc", "ABC", true },
	{ "a.c", "A", true },
	{ "ab.cde", "CDE", true },
	{ "abc?de", "AB", true },
	{ "abc?def", "DEF", true },
	{ "abc*", "AB", true },
	{ "abc+d", "ABC", true },
	{ "abcx+?", "ABCX", true },
	{ "(abc|def)x", "ABC|DEF", true },
	{ "(?:abc|d)xyz", "XYZ", true },
	{ "(abc|.*)x", "X", true },
	{ "(abc|)", "", true },
	{ "abc|def", "ABC|DEF", true },
	{ "[==]", "", false },
	{ "[.a.]", "", false },
	{ "abc|d*", "", true },
	{ "(abc)?d", "D", true },
	{ "(abc)+d", "ABC", true },
	{ "^abc$", "ABC", true },
	{ "\\babc\\b", "ABC", true },
	{ "list\\.example\\.org", "LIST.EXAMPLE.ORG", true },
	{ "a\\d+bc", "BC", true },
	{ "[abc]de", "DE", true },
	{ "[]a]de", "DE", false },
	{ "[^]a]de", "DE", false },
	{ "[[:alpha:]x]de", "DE", false },
	{ "[a-z0-9_.-]de", "DE", true },
	{ "[z-a]de", "DE", false },
	{ "[a\\]b]de", "DE", false },
	{ "a{2}bc", "BC", false },
	{ "a{0}bc", "BC", false },
	{ "(abc){0,5}de", "DE", false },
	{ "(?i)abc", "ABC", true },
	{ "ab\xc3\xa4?cde", "CDE", false },
	/* what is not understood gives nothing */
	{ "abc{x}", "", false },
	{ "abc{,3}", "", false },
	{ "a(?=bcd)", "", false },
	{ "a(?!bcd)", "", false },
	{ "(?<n>abc)", "", false },
	{ "abc\\1", "", false },
	{ "\\Qabc*\\Edef", "", false },
	{ "abc\\x41", "", false },
	{ "(*ANYCRLF)abc", "", false },
	{ "x(?#c)abc", "", false },
	{ "[[.a.]]abc", "", false },
	{ "[abc", "", false },
	{ "(abc", "", false },
	{ "abc)", "", false },
	{ "*abc", "", false },
	{ "abc**", "", false },
	{ "abc\\", "", false },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_LITERALS l = { 0 };
		AUTO_BUF got = { 0 };

		literals_of_regex(slice_text(rows[i].pattern), &l);
		for (size_t k = 0; k < l.texts.count; k++)
			buf_addf(&got, "%s%s", k ? "|" : "", l.texts.at[k]);
		if (strcmp(buf_text(&got), rows[i].texts) != 0 || l.sound != rows[i].sound)
			fail_msg("%s: %s, %d", rows[i].pattern, buf_text(&got), l.sound);
	}
}

static const struct {
	const char *key;
	const char *text;
} globs[] = {
	{ "", "" },
	{ "*", "" },
	{ "??*", "" },
	{ "abc", "ABC" },
	{ "*abc*de*", "ABC" },
	{ "a?bcd", "BCD" },
	{ "*a\\*b*", "A*B" },
	{ "*a\\\\*", "A\\" },
	{ "*ab\\", "AB\\" },
};

static void test_globs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(globs) / sizeof(globs[0]); i++) {
		AUTO_BUF got = { 0 };

		literals_of_glob(slice_text(globs[i].key), &got);
		assert_string_equal(buf_text(&got), globs[i].text);
	}
}

static uint32_t seed = 7;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % limit;
}

/* Pieces of expressions, put together at random: many are none. */
static void random_pattern(struct buf *out)
{
	static const char *const pieces[] = { "a", "b", "k", "s", "aab", "K", ".", "*", "+", "?",
		"|", "(", "(", ")", ")", "(?:", "[ab]", "[^a]", "[a-k]", "[k-a]", "[]a]",
		"[[:alpha:]]", "[-a]", "[a-]", "[a-b-k]", "\\.", "\\d", "\\w", "\\b", "\\1", "^",
		"$", "{2}", "{0,1}", "{1,}", "{", "}", "]", "(?i)", "(?=a)", "\\Qa*\\E", "\\x61",
		"\xc3\xa4", "\xc5\xbf", "-", "*?", "++", "(?!b)", "[\\]a]", "#", " ", "\n",
		"(?<n>a)", "(?#a)", "\\s", "[", "\\", "\\K", "(*F)" };
	size_t count = 1 + random_below(8);

	for (size_t i = 0; i < count; i++)
		buf_add_text(out, pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))]);
}

static void random_value(struct buf *out)
{
	static const char *const pieces[] = { "a", "b", "k", "s", "A", "K", "S", "ab", "aab", ".",
		"1", "\n", " ", "\xc3\xa4", "\xc3\x84", "-", "#", "]", "*", "{", "a{2}", "x" };
	size_t count = random_below(10);

	buf_clear(out);
	for (size_t i = 0; i < count; i++)
		buf_add_text(out, pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))]);
}

static bool has_one(const struct strings *texts, struct slice value)
{
	AUTO_BUF folded = { 0 };

	match_fold(&folded, value);
	for (size_t i = 0; i < texts->count; i++) {
		if (slice_find(buf_slice(&folded), slice_text(texts->at[i])) >= 0)
			return true;
	}
	return false;
}

/* Past regex.c, which asks literals.c itself; with its options. */
static pcre2_code *compile(struct slice pattern, bool caseless)
{
	int error;
	size_t at;

	return pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
		PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
			(caseless ? PCRE2_CASELESS : 0),
		&error, &at, NULL);
}

static bool matches(pcre2_code *code, struct slice value)
{
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
	int got = pcre2_match(code, (PCRE2_SPTR)value.ptr, value.len, 0, 0, data, NULL);

	pcre2_match_data_free(data);
	return got > 0;
}

/* Counts how often it could have been wrong; a test that tries nothing shows nothing. */
static void one_pattern(bool caseless, size_t *sound, size_t *matched)
{
	AUTO_BUF pattern = { 0 };
	AUTO_BUF value = { 0 };
	AUTO_LITERALS l = { 0 };
	pcre2_code *code;

	random_pattern(&pattern);
	literals_of_regex(buf_slice(&pattern), &l);
	code = compile(buf_slice(&pattern), caseless);
	if (!code && l.sound)
		fail_msg("sound, and refused: %s", pattern.ptr);
	*sound += l.sound;
	for (size_t i = 0; code && l.texts.count > 0 && i < 20; i++) {
		random_value(&value);
		if (!literals_fit(buf_slice(&value)) ||
			!matches(code, buf_slice(&value)))
			continue;
		++*matched;
		if (!has_one(&l.texts, buf_slice(&value)))
			fail_msg("%s matches \"%s\", but needs %s", pattern.ptr, value.ptr,
				l.texts.at[0]);
	}
	pcre2_code_free(code);
}

static void test_random(void **state)
{
	size_t sound = 0, matched = 0;

	(void)state;
	for (size_t i = 0; i < 30000; i++)
		one_pattern(i % 2, &sound, &matched);
	assert_true(sound > 1000);
	assert_true(matched > 5000);
}

/* What lacks the text is not tried: the first of these would take minutes otherwise. */
static void test_not_tried(void **state)
{
	static const struct {
		const char *text;
		int got;
	} texts[] = {
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 0 },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! needed", -1 },
		{ "aaa needed", 1 },
	};
	struct fault why;
	struct regex *regex = regex_compile(SLICE("(a+)+ needed"), true, &why);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (int k = 0; k < 40; k++)
			assert_int_equal(
				regex_match(regex, slice_text(texts[i].text), NULL, &why),
				texts[i].got);
	}
	regex_free(regex);
}

/* The two letters of which folding does not know. */
static void test_fit(void **state)
{
	struct fault why;
	struct regex *regex = regex_compile(SLICE("sky"), true, &why);

	(void)state;
	assert_non_null(regex);
	assert_int_equal(regex_match(regex, SLICE("\xc5\xbfky"), NULL, &why), 1);
	assert_int_equal(regex_match(regex, SLICE("s\xe2\x84\xaay"), NULL, &why), 1);
	assert_false(literals_fit(SLICE("\xc5\xbfky")));
	assert_false(literals_fit(SLICE("s\xe2\x84\xaay")));
	assert_true(literals_fit(SLICE("sky \xc3\xa4")));
	regex_free(regex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_not_tried),
		cmocka_unit_test(test_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
