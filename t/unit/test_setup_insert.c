/*
 * A group put into the text of a configuration: where it comes to stand, and what is refused.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/verbs/setup_insert.h"

static const struct row {
	const char *label;
	const char *text;
	const char *want; /* NULL: refused */
} rows[] = {
	{ "empty", "", "account: {\n  N\n}\n" },
	{ "another section", "x: { }\n", "x: { }\n\naccount: {\n  N\n}\n" },
	{ "no line end", "x: { } # a", "x: { } # a\n\naccount: {\n  N\n}\n" },
	{ "at the end of the section", "account: {\n  a: { }\n}\nx: { }\n",
		"account: {\n  a: { }\n\n  N\n}\nx: { }\n" },
	{ "in one line", "account: { a: { } }\n", "account: { a: { } \n  N\n}\n" },
	{ "by =", "account = {\n}", "account = {\n\n  N\n}" },
	{ "an indented brace", "account: {\n\t}", "account: {\n\n  N\n\t}" },
	{ "a group of this name within another", "x: { account: { } }\n",
		"x: { account: { } }\n\naccount: {\n  N\n}\n" },
	{ "a name that begins alike", "accounts: { }\n",
		"accounts: { }\n\naccount: {\n  N\n}\n" },
	{ "braces in comments", "account: { # }\n// }\n/* } */\n}\n",
		"account: { # }\n// }\n/* } */\n\n  N\n}\n" },
	{ "braces in texts", "account: { a = \"}\\\"}\\\\\";\n}\n",
		"account: { a = \"}\\\"}\\\\\";\n\n  N\n}\n" },
	{ "the section in a comment", "# account: {\n", "# account: {\n\naccount: {\n  N\n}\n" },
	{ "lists", "account: { a = ( { } ); b = [ 1 ];\n}\n",
		"account: { a = ( { } ); b = [ 1 ];\n\n  N\n}\n" },
	{ "CRLF", "account: {\r\n}\r\n", "account: {\r\n\n  N\n}\r\n" },
	{ "a comment between", "account /* { */ : // {\n{\n}\n",
		"account /* { */ : // {\n{\n\n  N\n}\n" },
	{ "included files", "@include \"more\"\n", NULL },
	{ "twice", "account: { }\naccount: { }\n", NULL },
	{ "an open brace", "account: {\n", NULL },
	{ "a closed one too many", "}\n", NULL },
	{ "an open text", "account: { a = \"", NULL },
	{ "a text that ends in a backslash", "account: { a = \"\\", NULL },
	{ "an open comment", "account: { /*", NULL },
};

static void run_row(void **state)
{
	const struct row *row = *state;
	AUTO_BUF out = { 0 };
	struct fault why;
	int result = setup_insert(slice_text(row->text), "account", "  N\n", &out, &why);

	assert_int_equal(result, row->want ? 0 : -1);
	if (row->want)
		assert_string_equal(buf_text(&out), row->want);
	else
		assert_int_equal(why.kind, FAULT_CONFIG);
}

/* NUL is no byte of such a file, but may be in one. */
static void nul(void **state)
{
	AUTO_BUF out = { 0 };
	struct fault why;

	(void)state;
	assert_int_equal(setup_insert(slice_of("a\0{", 3), "account", "  N\n", &out, &why), -1);
	assert_int_equal(setup_insert(slice_of("a\0}", 3), "account", "  N\n", &out, &why), -1);
}

int main(void)
{
	enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[ROWS + 1];
	size_t n = 0;

	for (; n < ROWS; n++)
		tests[n] = (struct CMUnitTest){ rows[n].label, run_row, NULL, NULL,
			(void *)(uintptr_t)&rows[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(nul);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
