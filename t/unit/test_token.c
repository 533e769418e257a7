/*
 * Tokens of Sieve (RFC 5228 section 8.1).
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/token.h"

/* Each token as "line:column kind value", parted by " | "; what is wrong as "!text". */
static void describe(struct slice script, struct buf *out)
{
	struct token_reader in;
	struct token t = { 0 };
	struct fault why = { 0 };
	int got;

	token_start(&in, script);
	while ((got = token_next(&in, &t, &why)) != 0) {
		buf_addf(out, "%s%u:%u ", out->len ? " | " : "", t.line, t.column);
		if (got < 0)
			buf_addf(out, "!%s", why.text);
		else if (t.kind == TOKEN_IDENTIFIER)
			buf_addf(out, "%.*s", SLICE_ARG(t.name));
		else if (t.kind == TOKEN_TAG)
			buf_addf(out, ":%.*s", SLICE_ARG(t.name));
		else if (t.kind == TOKEN_NUMBER)
			buf_addf(out, "#%llu", (unsigned long long)t.number);
		else if (t.kind == TOKEN_STRING)
			buf_addf(out, "\"%s\"", buf_text(&t.text));
		else
			buf_addf(out, "%c", t.sign);
	}
	assert_int_equal(t.kind, TOKEN_END);
	token_clear(&t);
}

static const struct {
	const char *label;
	struct slice script;
	const char *tokens;
} rows[] = {
	{ "nothing", { "", 0 }, "" },
	{ "blanks and comments only", SLICE(" \t\r\n# x\n/* a * b */ "), "" },
	{ "a command", SLICE("keep;"), "1:1 keep | 1:5 ;" },
	{ "signs", SLICE("[]{}(),;"), "1:1 [ | 1:2 ] | 1:3 { | 1:4 } | 1:5 ( | 1:6 ) | 1:7 , | "
		"1:8 ;" },
	{ "tag and number", SLICE("size :over 100K"), "1:1 size | 1:6 :over | 1:12 #102400" },
	{ "quantifiers in both cases", SLICE("1m 2G 3k"),
		"1:1 #1048576 | 1:4 #2147483648 | 1:7 #3072" },
	{ "lines are counted", SLICE("a\r\nb\n  c"), "1:1 a | 2:1 b | 3:3 c" },
	{ "lines in comments", SLICE("/*\n\n*/ a # b\nc"), "3:4 a | 4:1 c" },
	{ "comment next to a word", SLICE("a/**/b"), "1:1 a | 1:6 b" },
	{ "escapes", SLICE("\"a\\\"b\\\\c\\d\""), "1:1 \"a\"b\\cd\"" },
	{ "a string over lines, CRLF is LF", SLICE("\"a\r\nb\nc\" d"), "1:1 \"a\nb\nc\" | 3:4 d" },
	{ "8-bit in a string", SLICE("\"\xc3\xa4\""), "1:1 \"\xc3\xa4\"" },
	{ "text block", SLICE("text:\na\r\n..b\n.\n;"), "1:1 \"a\n.b\n\" | 5:1 ;" },
	{ "text block with comment", SLICE("text: # c\na\n.\nb"), "1:1 \"a\n\" | 4:1 b" },
	{ "empty text block", SLICE("text:\n.\n"), "1:1 \"\"" },
	{ "a line with one dot and more", SLICE("text:\n.a\n.\n"), "1:1 \".a\n\"" },
	{ "block ends with the file", SLICE("text:\na\n."), "1:1 \"a\n\"" },
	{ "TEXT in capitals", SLICE("TEXT:\n.\n"), "1:1 \"\"" },
	{ "text as a word", SLICE("text :a"), "1:1 text | 1:6 :a" },
	{ "byte order mark", SLICE("\xef\xbb\xbfkeep"), "1:1 keep" },
	/* hostile twins */
	{ "string without end", SLICE("a \"b"), "1:1 a | 1:3 !string without end, expected a "
		"closing quote" },
	{ "string cut behind a backslash", SLICE("\"b\\"),
		"1:1 !string without end, expected a closing quote" },
	{ "comment without end", SLICE("a\n/* *"), "1:1 a | 2:1 !comment without end, expected "
		"\"*/\"" },
	{ "block without end", SLICE("text:\na"), "1:1 !text block without end, expected a line "
		"\".\"" },
	{ "text behind text:", SLICE("text: a\n.\n;"), "1:1 !text behind \"text:\", expected the "
		"end of the line | 1:7 a | 2:1 !unexpected \".\" | 3:1 ;" },
	{ "number and letters", SLICE("12a"), "1:1 !bad number, expected digits and one of K, M, "
		"G" },
	{ "number too large", SLICE("18446744073709551616"), "1:1 !number too large" },
	{ "number too large by its quantifier", SLICE("18446744073709551615K"),
		"1:1 !number too large" },
	{ "lone colon", SLICE(": a"), "1:1 !lone \":\", expected the name of a tag behind it | "
		"1:3 a" },
	{ "NUL", SLICE("a\0b"), "1:1 a | 1:2 !NUL byte | 1:3 b" },
	{ "NUL in a string", SLICE("\"a\0b\" c"), "1:1 !NUL byte in a string | 1:7 c" },
	{ "lone CR", SLICE("a\rb"), "1:1 a | 1:2 !unexpected byte 0x0d outside a string | 1:3 b" },
	{ "8-bit outside strings, once", SLICE("\xe2\x80\x9cx"),
		"1:1 !unexpected byte 0xe2 outside a string | 1:4 x" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF got = { 0 };

		describe(rows[i].script, &got);
		if (strcmp(buf_text(&got), rows[i].tokens) != 0)
			fail_msg("%s: got <%s>, expected <%s>", rows[i].label, buf_text(&got),
				rows[i].tokens);
	}
}

static void test_put(void **state)
{
	AUTO_BUF out = { 0 };
	struct token_reader in;
	struct token t = { 0 };
	struct fault why;

	(void)state;
	token_put_string(&out, SLICE("a\"b\\c\nd"));
	assert_string_equal(out.ptr, "\"a\\\"b\\\\c\nd\"");
	token_start(&in, buf_slice(&out));
	assert_int_equal(token_next(&in, &t, &why), 1);
	assert_string_equal(t.text.ptr, "a\"b\\c\nd");
	token_clear(&t);
}

/* A megabyte of each must take no time worth noting. */
static void test_long(void **state)
{
	static const char *const fill[] = { "(", "\"", "a", "#", "/*", "text:\n", "\xff", ":" };

	(void)state;
	for (size_t i = 0; i < sizeof(fill) / sizeof(fill[0]); i++) {
		AUTO_BUF script = { 0 };
		struct token_reader in;
		struct token t = { 0 };
		struct fault why;
		size_t rounds = 0;

		while (script.len < 1 << 20)
			buf_add_text(&script, fill[i]);
		token_start(&in, buf_slice(&script));
		while (token_next(&in, &t, &why) != 0)
			rounds++;
		assert_true(rounds <= 1 << 20);
		token_clear(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
