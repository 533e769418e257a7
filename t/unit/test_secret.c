/*
 * Secrets from commands: what is taken, and what is a mistake of the configuration.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/net/secret.h"

static const struct row {
	const char *label;
	const char *command;
	enum fault_kind kind;
	const char *want; /* the secret, or a part of the sentence */
} rows[] = {
	{ "one line", "echo secret", FAULT_NONE, "secret" },
	{ "without a line end", "printf secret", FAULT_NONE, "secret" },
	{ "the first of several", "printf 'secret\\nuser: alice\\n'", FAULT_NONE, "secret" },
	{ "CRLF", "printf 'secret\\r\\n'", FAULT_NONE, "secret" },
	{ "blanks are kept", "echo ' a b '", FAULT_NONE, " a b " },
	{ "8-bit", "printf 'p\\303\\244\\n'", FAULT_NONE, "p\303\244" },
	{ "more lines than anybody reads", "echo secret; yes | head -c 300000", FAULT_NONE,
		"secret" },
	{ "stdin is empty", "cat; echo secret", FAULT_NONE, "secret" },
	{ "a session of its own: no terminal",
		"read -r _ _ _ _ _ sid _ </proc/$$/stat; [ $sid = $$ ] && echo own", FAULT_NONE,
		"own" },
	{ "something goes on in the background", "sleep 3 & echo secret", FAULT_NONE, "secret" },
	{ "its stderr is not shown when all is well", "echo warning >&2; echo secret", FAULT_NONE,
		"secret" },
	{ "nothing", "true", FAULT_CONFIG, "prints nothing" },
	{ "an empty line", "echo; echo secret", FAULT_CONFIG, "prints nothing" },
	{ "failure", "echo secret; exit 3", FAULT_CONFIG, "exit status 3" },
	{ "failure in its own words", "printf 'first\\nlocked \\033[2J\\n\\n' >&2; exit 2",
		FAULT_CONFIG, "exit status 2: locked \\x1b[2J" },
	{ "no such program", "/nonexistent/program", FAULT_CONFIG, "exit status 127: " },
	{ "a signal", "kill -9 $$", FAULT_CONFIG, "exit status 137" },
	{ "NUL in it", "printf 'sec\\0ret\\n'", FAULT_CONFIG, "no line of text" },
	{ "a line without end", "yes | tr -d '\\n' | head -c 200000", FAULT_CONFIG,
		"no line of text" },
};

static void run_row(void **state)
{
	const struct row *row = *state;
	struct server server = { .host = (char *)(uintptr_t) "mail.example", .place = "config:7",
		.password_command = (char *)(uintptr_t)row->command };
	AUTO_SECRET secret = { 0 };
	struct fault why = { 0 };
	int64_t begin = clock_tick();
	int result = secret_get(&server, -1, &secret, &why);

	assert_true(clock_tick() - begin < 2500);
	assert_int_equal(result < 0 ? why.kind : FAULT_NONE, row->kind);
	if (result == 0) {
		assert_string_equal(secret.text, row->want);
		assert_false(secret.token);
		return;
	}
	assert_non_null(strstr(why.text, row->want));
	assert_non_null(strstr(why.text, "config:7: the password-command of mail.example: "));
	assert_null(secret.text);
}

static void other_sources(void **state)
{
	struct server server = { .host = (char *)(uintptr_t) "mail.example",
		.password = (char *)(uintptr_t) "plain" };
	AUTO_SECRET secret = { 0 };
	struct fault why;

	(void)state;
	assert_int_equal(secret_get(&server, -1, &secret, &why), 0);
	assert_string_equal(secret.text, "plain");
	secret_wipe(&secret);
	server.token_command = (char *)(uintptr_t) "echo token";
	assert_int_equal(secret_get(&server, -1, &secret, &why), 0);
	assert_string_equal(secret.text, "token");
	assert_true(secret.token);
	secret_wipe(&secret);
	server = (struct server){ .host = server.host };
	assert_int_equal(secret_get(&server, -1, &secret, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
}

/* The command and what it started end with us. */
static void cancel(void **state)
{
	struct server server = { .host = (char *)(uintptr_t) "mail.example",
		.password_command = (char *)(uintptr_t) "sleep 100; echo late" };
	AUTO_SECRET secret = { 0 };
	struct fault why;
	int64_t begin = clock_tick();
	int stop[2];

	(void)state;
	assert_int_equal(pipe(stop), 0);
	assert_int_equal(write(stop[1], "x", 1), 1);
	assert_int_equal(secret_get(&server, stop[0], &secret, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_true(clock_tick() - begin < 5000);
	close(stop[0]);
	close(stop[1]);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0]) + 2];
	size_t n = 0;

	for (; n < sizeof(rows) / sizeof(rows[0]); n++)
		tests[n] = (struct CMUnitTest){ rows[n].label, run_row, NULL, NULL,
			(void *)(uintptr_t)&rows[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(other_sources);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(cancel);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
