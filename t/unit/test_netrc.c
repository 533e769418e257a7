/*
 * netrc(5): which entry is taken, how words are written, what is malformed.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "common/net/netrc.h"

/* Asked for: machine "m.example", login "alice". */
static const struct row {
	const char *label;
	const char *text;
	int result;
	const char *want; /* the password */
	size_t line;      /* of what is malformed */
} rows[] = {
	{ "empty", "", 0, NULL, 0 },
	{ "one line", "machine m.example login alice password p", 1, "p", 0 },
	{ "several lines", "machine m.example\n\tlogin alice\n\tpassword p\n", 1, "p", 0 },
	{ "CRLF", "machine m.example\r\nlogin alice\r\npassword p\r\n", 1, "p", 0 },
	{ "letters of the machine", "machine M.Example login alice password p", 1, "p", 0 },
	{ "letters of the login count", "machine m.example login Alice password p", 0, NULL, 0 },
	{ "password before login", "machine m.example password p login alice", 1, "p", 0 },
	{ "password before the login of another", "machine m.example password p login bob", 0,
		NULL, 0 },
	{ "another machine", "machine n.example login alice password p", 0, NULL, 0 },
	{ "a machine that begins alike", "machine m.example.org login alice password p", 0, NULL,
		0 },
	{ "several logins",
		"machine m.example login bob password b\nmachine m.example login alice password p", 1,
		"p", 0 },
	{ "the first of two", "machine m.example login alice password p\n"
		"machine m.example login alice password q", 1, "p", 0 },
	{ "without a login", "machine m.example password p", 1, "p", 0 },
	{ "the login is better than none",
		"machine m.example password any\nmachine m.example login alice password p", 1, "p",
		0 },
	{ "default", "default login alice password p", 1, "p", 0 },
	{ "default of another", "default login bob password p", 0, NULL, 0 },
	{ "default for all", "machine n.example password x\ndefault password p", 1, "p", 0 },
	{ "the machine is better than default",
		"default login alice password d\nmachine m.example password p", 1, "p", 0 },
	{ "a machine without a password is none",
		"machine m.example login alice\ndefault password p", 1, "p", 0 },
	{ "other spellings", "machine m.example user alice passwd p", 1, "p", 0 },
	{ "quoted", "machine \"m.example\" login \"alice\" password \"p q\"", 1, "p q", 0 },
	{ "escapes in quotes", "machine m.example password \"a\\\"b\\\\c\\td\"", 1, "a\"b\\c\td",
		0 },
	{ "a quote in the middle", "machine m.example password a\"b", 1, "a\"b", 0 },
	{ "a backslash without quotes", "machine m.example password a\\b", 1, "a\\b", 0 },
	{ "an empty one", "machine m.example password \"\"", 1, "", 0 },
	{ "a keyword as password", "machine m.example password password login alice", 1,
		"password", 0 },
	{ "\"default\" in quotes is no keyword",
		"machine n.example \"default\" password p", 0, NULL, 0 },
	{ "account", "machine m.example login alice account password password p", 1, "p", 0 },
	{ "a port", "machine m.example port 993 login alice password p", 1, "p", 0 },
	{ "comments", "# machine m.example password no\nmachine m.example # mine\npassword p", 1,
		"p", 0 },
	{ "a password that begins with #", "machine m.example password #p", 1, "#p", 0 },
	{ "a macro", "machine n.example macdef init\nmachine m.example password no\nbye\n\n"
		"machine m.example password p", 1, "p", 0 },
	{ "a macro to the end", "macdef x\nmachine m.example password no", 0, NULL, 0 },
	{ "8-bit", "machine m.example password p\303\244", 1, "p\303\244", 0 },
	{ "before any machine", "login alice password p", 0, NULL, 0 },
	{ "an open quote", "machine m.example\npassword \"p", -1, NULL, 2 },
	{ "an open quote with a line end", "machine m.example password \"p\n\n", -1, NULL, 3 },
	{ "a backslash at the end", "machine m.example password \"p\\", -1, NULL, 1 },
	{ "nothing behind password", "machine m.example\npassword\n", -1, NULL, 3 },
	{ "nothing behind machine", "machine", -1, NULL, 1 },
};

static void run_row(void **state)
{
	const struct row *row = *state;
	AUTO_BUF password = { 0 };
	size_t line = 0;
	int result = netrc_find(slice_text(row->text), "m.example", "alice", &password, &line);

	assert_int_equal(result, row->result);
	if (result > 0)
		assert_string_equal(buf_text(&password), row->want);
	if (result < 0)
		assert_int_equal(line, row->line);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0])];
	size_t n = 0;

	for (; n < sizeof(rows) / sizeof(rows[0]); n++)
		tests[n] = (struct CMUnitTest){ rows[n].label, run_row, NULL, NULL,
			(void *)(uintptr_t)&rows[n] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
