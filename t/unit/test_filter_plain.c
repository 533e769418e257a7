/*
 * The plain form of actions, which stays as mr-filter(1) has it.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter/verbs/plain.h"

/* An action as the stream has it, and its plain form. */
static const struct {
	const char *rule, *command, *want;
} actions[] = {
	{ "implicit", "keep;", "implicit-keep" },
	{ "error at a.sieve:3", "keep;", "implicit-keep" },
	{ "a.sieve:3", "keep;", "keep" },
	{ "a.sieve:3", "keep :flags \"\\\\Seen\";", "keep flags \"\\\\Seen\"" },
	{ "a.sieve:3", "keep :flags \"\";", "keep flags \"\"" },
	{ "a.sieve:3", "fileinto :create :flags [\"\\\\Seen\", \"$Work\"] \"lists/c\";",
		"fileinto \"lists/c\" flags \"\\\\Seen $Work\"" },
	{ "a.sieve:3", "fileinto :specialuse \"\\\\Junk\" \"Spam\";",
		"fileinto \"Spam\" special-use \"\\\\Junk\"" },
	{ "a.sieve:3", "fileinto \"a \\\"b\\\" # c\";", "fileinto \"a \\\"b\\\" # c\"" },
	{ "a.sieve:3", "discard;", "discard" },
	{ "a.sieve:3", "redirect \"a@b\";", "redirect \"a@b\"" },
	{ "a.sieve:3", "reject \"no\nmore\t\\\\\";", "reject \"no\\nmore\\t\\\\\"" },
	{ "a.sieve:3", "ereject \"bell\a\";", "ereject \"bell\\x07\"" },
	{ "a.sieve:3", "pipe :try :lock \"l\" :timeout 5 \"p\" [\"-a\", \"b c\"];",
		"pipe \"p\" \"-a\" \"b c\" try lock \"l\" timeout 5" },
	{ "a.sieve:3", "pipe :header \"p\" [];", "pipe \"p\" header" },
	{ "a.sieve:3",
		"vacation :seconds 60 :handle \"h\" :from \"me@x\" :fcc \"Sent\" \"a@b\" \"To: a\n\nx\";",
		"vacation \"a@b\" from \"me@x\" handle \"h\" seconds 60 fcc \"Sent\" "
		"text \"To: a\\n\\nx\"" },
	{ "a.sieve:3", "notify \"a@b\" \"x\n\";", "notify \"a@b\" text \"x\\n\"" },
	{ "a.sieve:3", "mark :seconds 60 \"key\";", "mark \"key\" seconds 60" },
	{ "a.sieve:3", "defer \"later\";", "defer \"later\"" },
};

static void test_actions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		AUTO_FREE char *rule = mem_text(actions[i].rule);
		AUTO_FREE char *command = mem_text(actions[i].command);
		const struct frame_action from = { .rule = rule, .command = command };
		struct action action;
		struct fault why;
		AUTO_BUF got = { 0 };

		if (action_read(&from, &action, &why) < 0)
			fail_msg("%s", why.text);
		plain_put(&got, &action);
		assert_string_equal(buf_text(&got), actions[i].want);
		action_clear(&action);
	}
}

/* A line, and what of it is the action. */
static const struct {
	const char *line, *want;
} lines[] = {
	{ "keep # a.sieve:3", "keep" },
	{ "keep", "keep" },
	{ "  keep  ", "keep" },
	{ "", "" },
	{ "# a comment", "" },
	{ "fileinto \"a # b\" # a.sieve:3", "fileinto \"a # b\"" },
	{ "fileinto \"a\\\" # b\" # c", "fileinto \"a\\\" # b\"" },
	{ "fileinto \"a\\\\\" # c", "fileinto \"a\\\\\"" },
	{ "fileinto \"open # c", "fileinto \"open # c" },
	{ "fileinto \"\\", "fileinto \"\\" },
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		AUTO_FREE char *got = slice_copy(plain_action(slice_text(lines[i].line)));

		assert_string_equal(got, lines[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests_name("filter_plain", tests, NULL, NULL);
}
