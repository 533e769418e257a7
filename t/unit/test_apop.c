/*
 * Challenges of APOP: only a msg-id is one.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/net/apop.h"

struct row {
	const char *label;
	struct slice greeting;
	const char *challenge; /* NULL: none */
};

static const struct row rows[] = {
	{ "RFC 1939", SLICE("+OK ready <1896.697170952@dbc.mtview.ca.us>"),
		"<1896.697170952@dbc.mtview.ca.us>" },
	{ "blanks behind it", SLICE("+OK <a@b> \t"), "<a@b>" },
	{ "a literal", SLICE("+OK <a@[127.0.0.1]>"), "<a@[127.0.0.1]>" },
	{ "none", SLICE("+OK ready"), NULL },
	{ "empty", SLICE(""), NULL },
	{ "no end", SLICE("+OK <a@b"), NULL },
	{ "something behind it", SLICE("+OK <a@b> ready"), NULL },
	{ "no @", SLICE("+OK <ab>"), NULL },
	{ "two @", SLICE("+OK <a@b@c>"), NULL },
	{ "nothing before @", SLICE("+OK <@b>"), NULL },
	{ "nothing behind @", SLICE("+OK <a@>"), NULL },
	{ "only brackets", SLICE("<>"), NULL },
	{ "two dots", SLICE("+OK <a..b@c>"), NULL },
	{ "a dot at the end", SLICE("+OK <a@b.>"), NULL },
	{ "a blank", SLICE("+OK <a b@c>"), NULL },
	{ "8 bits", SLICE("+OK <a\xe4@c>"), NULL },
	{ "NUL", SLICE("+OK <a\0@c>"), NULL },
	{ "a control character", SLICE("+OK <a@c\x07>"), NULL },
	{ "two msg-ids", SLICE("+OK <a@b> <c@d>"), NULL },
	{ "a literal that does not end", SLICE("+OK <a@[b>"), NULL },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice challenge;
		bool found = apop_challenge(rows[i].greeting, &challenge);

		if (found != (rows[i].challenge != NULL) ||
			(found && !slice_is(challenge, rows[i].challenge)))
			fail_msg("%s", rows[i].label);
	}
}

static void test_long(void **state)
{
	struct slice challenge;
	AUTO_BUF greeting = { 0 };

	(void)state;
	buf_add_byte(&greeting, '<');
	while (greeting.len < 2000)
		buf_add_byte(&greeting, 'a');
	buf_add_text(&greeting, "@b>");
	assert_false(apop_challenge(buf_slice(&greeting), &challenge));
}

static void test_digest(void **state)
{
	struct fault why;
	AUTO_BUF out = { 0 };

	(void)state;
	assert_int_equal(apop_digest(SLICE("<1896.697170952@dbc.mtview.ca.us>"), "tanstaaf", &out,
		&why), 0);
	assert_string_equal(buf_text(&out), "c4c9334bac560ecc979e58001b3e22fb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
