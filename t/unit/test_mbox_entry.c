/*
 * The mbox format: quoting whatever the pieces, From_ lines, padding.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "deliver/mbox_entry.h"

static const struct {
	const char *label, *body, *want;
} bodies[] = {
	{ "plain", "a\nb\n", "a\nb\n\n" },
	{ "no last LF", "a\nb", "a\nb\n\n" },
	{ "empty", "", "\n" },
	{ "From_ line", "From x\n", ">From x\n\n" },
	{ "quoted once", ">From x\n", ">>From x\n\n" },
	{ "quoted thrice", ">>>From x\n", ">>>>From x\n\n" },
	{ "not at the start", "x From y\n", "x From y\n\n" },
	{ "without blank", "From\nFromage\n>From\n", "From\nFromage\n>From\n\n" },
	{ "with a colon", "From: x\n", "From: x\n\n" },
	{ "lower case", "from x\n", "from x\n\n" },
	{ "blank first", " From x\n", " From x\n\n" },
	{ "twice begun", "FrFrom x\nFFrom y\n", "FrFrom x\nFFrom y\n\n" },
	{ "quotes behind", "Fro>From x\n>x>From y\n", "Fro>From x\n>x>From y\n\n" },
	{ "ends in the middle", "a\nFro", "a\nFro\n\n" },
	{ "ends behind it", "a\n>From ", "a\n>>From \n\n" },
	{ "empty lines at the end", "a\n\n\n", "a\n\n\n\n" },
};

static void check_quoting(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		for (size_t piece = 1; piece <= 7; piece++) {
			struct slice rest = slice_text(bodies[i].body);
			struct mbox_quote q = { 0 };
			AUTO_BUF out = { 0 };

			while (rest.len > 0) {
				struct slice part = slice_first(rest, piece);

				mbox_quote(&q, part, &out);
				slice_skip(&rest, part.len);
			}
			mbox_quote_end(&q, &out);
			if (strcmp(buf_text(&out), bodies[i].want) != 0)
				fail_msg("%s in pieces of %zu: \"%s\"", bodies[i].label, piece,
					buf_text(&out));
		}
	}
}

static void check_many_quotes(void **state)
{
	AUTO_BUF body = { 0 };
	AUTO_BUF out = { 0 };
	struct mbox_quote q = { 0 };

	(void)state;
	for (int i = 0; i < 1000000; i++)
		buf_add_byte(&body, '>');
	buf_add_text(&body, "From \n");
	mbox_quote(&q, buf_slice(&body), &out);
	assert_int_equal(out.len, body.len + 1);
}

static void check_from_line(void **state)
{
	static const struct {
		const char *sender, *want;
	} rows[] = {
		{ "a@b.c", "From a@b.c Mon Feb  2 09:00:00 2026\n" },
		{ "", "From MAILER-DAEMON Mon Feb  2 09:00:00 2026\n" },
		{ "\"a b\"@c", "From \"a-b\"@c Mon Feb  2 09:00:00 2026\n" },
		{ "a\nFrom x", "From a-From-x Mon Feb  2 09:00:00 2026\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF out = { 0 };

		mbox_put_from_line(&out, slice_text(rows[i].sender), 1770022800);
		assert_string_equal(buf_text(&out), rows[i].want);
	}
}

static void check_padding(void **state)
{
	(void)state;
	assert_string_equal(mbox_padding(SLICE("")), "");
	assert_string_equal(mbox_padding(SLICE("\n\n")), "");
	assert_string_equal(mbox_padding(SLICE("x\n")), "\n");
	assert_string_equal(mbox_padding(SLICE("\nx")), "\n\n");
	assert_string_equal(mbox_padding(SLICE("x")), "\n\n");
	assert_string_equal(mbox_padding(SLICE("\n")), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_quoting),
		cmocka_unit_test(check_many_quotes),
		cmocka_unit_test(check_from_line),
		cmocka_unit_test(check_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
