/*
 * envelope (RFC 5228 section 5.4) with the parts orig_to and auth, which Pigeonhole has, too.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

struct row {
	const char *label;
	const char *test;
	const char *actions;
};

static const struct row rows[] = {
	{ "orig_to", "envelope \"orig_to\" \"ken+list@example.net\"", SIEVE_TRUE },
	{ "orig_to, the second", "envelope \"ORIG_TO\" \"second@example.net\"", SIEVE_TRUE },
	{ "orig_to, a part", "envelope :detail \"orig_to\" \"list\"", SIEVE_TRUE },
	{ "orig_to, counted", "envelope :count \"eq\" \"orig_to\" \"2\"", SIEVE_TRUE },
	{ "orig_to is not to", "envelope \"to\" \"second@example.net\"", SIEVE_FALSE },
	{ "to is not orig_to", "envelope \"orig_to\" \"me@example.net\"", SIEVE_FALSE },
	{ "auth", "envelope \"auth\" \"Wile E. Coyote\"", SIEVE_TRUE },
	{ "auth, counted", "envelope :count \"eq\" \"auth\" \"1\"", SIEVE_TRUE },
	{ "auth is not any line", "envelope :contains \"auth\" \"x\"", SIEVE_FALSE },
	{ "all together", "envelope :count \"eq\" [\"from\", \"to\", \"orig_to\", \"auth\"] \"5\"",
		SIEVE_TRUE },
	{ "a part in a variable", "allof (string :matches \"orig\" \"*\", envelope \"${1}_to\" "
		"\"second@example.net\")", SIEVE_TRUE },
	{ "unknown in a variable", "allof (string :matches \"bcc\" \"*\", envelope \"${1}\" \"\")",
		"keep;!r.sieve:2: unknown part of the envelope \"bcc\"" },
};

static void run(const struct row *row, struct frame *frame)
{
	AUTO_RULESET set = { 0 };
	AUTO_BUF script = { 0 };
	AUTO_BUF got = { 0 };

	buf_addf(&script, "%sif %s { keep; } else { discard; }", REQUIRE, row->test);
	sieve_case_add(&set, "r.sieve", buf_slice(&script));
	assert_int_equal(set.scripts[0]->problems.count, 0);
	sieve_case_run(&set, frame, slice_text(sieve_case_message), &got);
	if (strcmp(got.ptr, row->actions) != 0)
		fail_msg("%s: got <%s>, expected <%s>", row->label, got.ptr, row->actions);
}

static void test_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(rows); i++) {
		AUTO_FRAME frame = { 0 };

		buf_add_text(&frame.mail_from, "sender@example.net");
		frame.mail_from_known = true;
		strings_add(&frame.rcpt_to, SLICE("me@example.net"));
		strings_add(&frame.others, SLICE("size: 12"));
		strings_add(&frame.others, SLICE("orig-to: ken+list@example.net"));
		strings_add(&frame.others, SLICE("orig-to: second@example.net"));
		strings_add(&frame.others, SLICE("auth: Wile E. Coyote"));
		strings_add(&frame.others, SLICE("authority: x"));
		run(&rows[i], &frame);
	}
}

static const struct row unknown[] = {
	{ "nobody logged in", "envelope :contains \"auth\" \"\"", SIEVE_FALSE },
	{ "nothing was rewritten", "envelope :contains \"orig_to\" \"\"", SIEVE_FALSE },
	{ "no envelope: Return-Path", "envelope \"from\" \"bounce@lists.example.com\"", SIEVE_TRUE },
	{ "no envelope: no recipient", "envelope :contains \"to\" \"\"", SIEVE_FALSE },
	{ "none of them counts", "envelope :count \"eq\" [\"to\", \"orig_to\", \"auth\"] \"0\"",
		SIEVE_TRUE },
};

static void test_unknown(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(unknown); i++) {
		AUTO_FRAME frame = { 0 };

		run(&unknown[i], &frame);
	}
}

static const struct sieve_case wrong[] = {
	{ "no such part", "require \"envelope\"; if envelope \"bcc\" \"a\" {}",
		"1:33 unknown part of the envelope \"bcc\", expected \"from\", \"to\", \"orig_to\" "
		"or \"auth\"" },
};

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(wrong, SIEVE_COUNT(wrong));
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
