/*
 * Addresses without a domain get one, and nothing else changes.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "relay/qualify.h"

static const struct {
	const char *label;
	const char *in;
	const char *out;
} rows[] = {
	{ "cron", " root (Cron Daemon)", " root@h (Cron Daemon)" },
	{ "plain", "root", "root@h" },
	{ "qualified", " a@b", " a@b" },
	{ "in angles", "Root <root>", "Root <root@h>" },
	{ "qualified in angles", "Root <root@x>", "Root <root@x>" },
	{ "name with an at sign", "\"a@b\" <root>", "\"a@b\" <root@h>" },
	{ "two words are no address", "John Smith", "John Smith" },
	{ "three in a list", "a, b@c ,d", "a@h, b@c ,d@h" },
	{ "quoted local part", "\"a b\"", "\"a b\"@h" },
	{ "dots are one word", "a.b.c", "a.b.c@h" },
	{ "mixed quoted and dots", "a.\"b\".c", "a.\"b\".c@h" },
	{ "comma in quotes", "\"a, b\" <c>", "\"a, b\" <c@h>" },
	{ "comma in a comment", "c (a, b (x) d), e", "c@h (a, b (x) d), e@h" },
	{ "group", "team: a, b@c;", "team: a@h, b@c;" },
	{ "empty group", "undisclosed-recipients:;", "undisclosed-recipients:;" },
	{ "null", "<>", "<>" },
	{ "null with name", "x <>", "x <>" },
	{ "empty", "", "" },
	{ "commas only", ", ,", ", ," },
	{ "folded", "a,\n b,\n\tc@d", "a@h,\n b@h,\n\tc@d" },
	{ "blanks in the angles", "x < a >", "x < a@h >" },
	{ "comment in the angles", "x <a(c)>", "x <a@h(c)>" },
	{ "route", "x <@r1,@r2:a@b>", "x <@r1,@r2:a@b>" },
	{ "8-bit", "m\xc3\xbcller", "m\xc3\xbcller@h" },
	{ "open quote", "\"abc", "\"abc@h" },
	{ "open comment", "a (b", "a@h (b" },
	{ "open angle", "x <a", "x <a@h" },
	{ "at without domain", "a@", "a@" },
	{ "backslash at the end", "a\\", "a\\@h" },
	{ "stray parenthesis", ")", ")@h" },
	{ "angles only", "<<<>>>", "<<<>>>" },
	{ "semicolon ends", "a;b", "a@h;b@h" },
	{ "domain literal", "a@[1.2.3.4]", "a@[1.2.3.4]" },
};

static void qualifies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF out = { 0 };
		bool changed = qualify_addresses(slice_text(rows[i].in), "h", &out);

		print_message("# %s\n", rows[i].label);
		assert_string_equal(buf_text(&out), rows[i].out);
		assert_int_equal(changed, strcmp(rows[i].in, rows[i].out) != 0);
	}
}

static void nul_and_depth(void **state)
{
	AUTO_BUF in = { 0 };
	AUTO_BUF out = { 0 };

	(void)state;
	for (int i = 0; i < 200000; i++)
		buf_add_byte(&in, i < 100000 ? '(' : '<');
	buf_add(&in, "a\0b", 3);
	qualify_addresses(buf_slice(&in), "h", &out);
	assert_true(out.len >= in.len);
	assert_memory_equal(out.ptr, in.ptr, 200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qualifies),
		cmocka_unit_test(nul_and_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
