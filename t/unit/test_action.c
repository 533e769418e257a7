/*
 * Action lines: written, read back, and what must be refused.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/action.h"

static char rule[] = "20-lists.sieve:14";

static const struct {
	const char *label;
	const char *command;
	const char *again; /* as action_put writes it; NULL: refused */
} rows[] = {
	{ "keep", "keep;", "keep;" },
	{ "blanks and case", " KEEP ; ", "keep;" },
	{ "keep with flags", "keep :flags \"\\\\Seen\";", "keep :flags \"\\\\Seen\";" },
	{ "a list of flags", "keep :flags [\"a\", \"b c\"];",
		"keep :flags [\"a\", \"b\", \"c\"];" },
	{ "no flags, said so", "keep :flags \"\";", "keep :flags \"\";" },
	{ "fileinto", "fileinto \"lists/c\";", "fileinto \"lists/c\";" },
	{ "fileinto with all", "fileinto :flags \"\\\\Seen\" :create :copy \"x\";",
		"fileinto :create :flags \"\\\\Seen\" \"x\";" },
	{ "quotes in the target", "fileinto \"a\\\"b\\\\c\";", "fileinto \"a\\\"b\\\\c\";" },
	{ "discard", "discard;", "discard;" },
	{ "redirect", "redirect \"a@example.org\";", "redirect \"a@example.org\";" },
	{ "redirect :copy", "redirect :copy \"a@b\";", "redirect \"a@b\";" },
	{ "redirect to nobody", "redirect \"\";", NULL },
	{ "special use", "fileinto :specialuse \"\\\\Junk\" \"Spam\";",
		"fileinto :specialuse \"\\\\Junk\" \"Spam\";" },
	{ "reject", "reject \"no\nthanks\";", "reject \"no\nthanks\";" },
	{ "ereject", "ereject \"no\";", "ereject \"no\";" },
	{ "reject without a reason", "reject;", NULL },
	{ "pipe", "pipe \"tag\" [];", "pipe \"tag\" [];" },
	{ "pipe with all",
		"pipe :timeout 5 :lock \"l\" :body :try \"tag\" [\"-a\", \"b c\"];",
		"pipe :try :body :lock \"l\" :timeout 5 \"tag\" [\"-a\", \"b c\"];" },
	{ "a tab for a program", "pipe \"tag\" [\"a\tb\033\"];",
		"pipe \"tag\" [\"a\tb\033\"];" },
	{ "CR for a program", "pipe \"tag\" [\"a\rb\"];", NULL },
	{ "a number for a program", "pipe \"tag\" [1];", NULL },
	{ "a line end for a program", "pipe \"tag\" [\"a\nb\"];", NULL },
	{ "vacation", "vacation :seconds 604800 :handle \"h\" \"a@b\" \"To: a@b\n\nAway\";",
		"vacation :seconds 604800 :handle \"h\" \"a@b\" \"To: a@b\n\nAway\";" },
	{ "vacation with a copy",
		"vacation :fcc \"Sent\" :flags \"\\\\Seen\" :create \"a@b\" \"x\";",
		"vacation :create :flags \"\\\\Seen\" :fcc \"Sent\" \"a@b\" \"x\";" },
	{ "vacation without a reply", "vacation \"a@b\";", NULL },
	{ "notify", "notify :from \"me@b\" \"a@b\" \"x\";", "notify :from \"me@b\" \"a@b\" \"x\";" },
	{ "mark", "mark :seconds 60 \"k\";", "mark :seconds 60 \"k\";" },
	{ "mark again", "mark :last :seconds 60 \"k\";", "mark :seconds 60 :last \"k\";" },
	{ "seconds without a number", "mark :seconds \"60\" \"k\";", NULL },
	{ "defer", "defer \"later\";", "defer \"later\";" },
	{ "nothing", "", NULL },
	{ "unknown", "vanish;", NULL },
	{ "no semicolon", "keep", NULL },
	{ "two commands", "keep; discard;", NULL },
	{ "unknown tag", "keep :loud;", NULL },
	{ "a tag of another kind", "discard :create;", NULL },
	{ "a tag twice", "fileinto :create :create \"a\";", NULL },
	{ "flags without value", "keep :flags;", NULL },
	{ "flags with a number", "keep :flags 1;", NULL },
	{ "list cut", "keep :flags [\"a\";", NULL },
	{ "list with a hole", "keep :flags [\"a\",];", NULL },
	{ "no target", "fileinto;", NULL },
	{ "empty target", "fileinto \"\";", NULL },
	{ "target for keep", "keep \"a\";", NULL },
	{ "open string", "fileinto \"a;", NULL },
	{ "line end in the target", "fileinto \"a\nb\";", NULL },
	{ "CR in a flag", "keep :flags \"a\rb\";", NULL },
	{ "a test", "if true { keep; }", NULL },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_action from = { rule, (char *)(uintptr_t)rows[i].command };
		AUTO_BUF again = { 0 };
		struct action a;
		struct fault why = { 0 };
		int got = action_read(&from, &a, &why);

		if (got == 0)
			action_put(&again, &a);
		if ((got == 0) != (rows[i].again != NULL))
			fail_msg("%s: returned %d (%s)", rows[i].label, got, why.text);
		if (got == 0 && strcmp(buf_text(&again), rows[i].again) != 0)
			fail_msg("%s: <%s>", rows[i].label, buf_text(&again));
		if (got == 0)
			assert_string_equal(a.rule, rule);
		if (got < 0) {
			assert_int_equal(why.kind, FAULT_TEMP);
			assert_non_null(strstr(why.text, rule));
		}
		action_clear(&a);
	}
}

static void test_members(void **state)
{
	struct frame_action from = { rule,
		(char *)(uintptr_t) "fileinto :create :flags [\"\\\\Seen\", \"$x\"] \"a b\";" };
	struct action a;
	struct fault why;

	(void)state;
	assert_int_equal(action_read(&from, &a, &why), 0);
	assert_int_equal(a.kind, ACTION_FILEINTO);
	assert_string_equal(a.target, "a b");
	assert_true(a.create);
	assert_true(a.has_flags);
	assert_int_equal(a.flags.count, 2);
	assert_string_equal(a.flags.at[0], "\\Seen");
	assert_string_equal(a.flags.at[1], "$x");
	action_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
