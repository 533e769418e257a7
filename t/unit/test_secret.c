/*
 * Where secrets lie: what is taken, and what is a mistake of the configuration.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

static char *text(const char *literal)
{
	return (char *)(uintptr_t)literal;
}

static void refuse(const struct server *server, const char *part)
{
	AUTO_SECRET secret = { 0 };
	struct fault why = { 0 };

	assert_int_equal(secret_get(server, -1, &secret, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
	if (!strstr(why.text, part))
		fail_msg("%s", why.text);
	assert_null(secret.text);
}

static void take(const struct server *server, const char *want, bool token)
{
	AUTO_SECRET secret = { 0 };
	struct fault why = { 0 };

	if (secret_get(server, -1, &secret, &why) < 0)
		fail_msg("%s", why.text);
	assert_string_equal(secret.text, want);
	assert_int_equal(secret.token, token);
}

static void write_file(const char *path, const char *content, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(content, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

/* In a directory of its own, which is HOME, PATH and CREDENTIALS_DIRECTORY in turn. */
static int enter(void **state)
{
	char name[] = "/tmp/test_secret.XXXXXX";

	(void)state;
	return mkdtemp(name) && chdir(name) == 0 && setenv("HOME", name, 1) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	static const char *const files[] = { ".netrc", "other", "mail", "empty", "secret-tool" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(files[i]);
	return rmdir(getenv("HOME"));
}

static void other_sources(void **state)
{
	(void)state;
	take(&(struct server){ .host = text("h"), .password = text("plain") }, "plain", false);
	take(&(struct server){ .host = text("h"), .token_command = text("echo t") }, "t", true);
	refuse(&(struct server){ .host = text("h"), .place = "config:7" },
		"config:7: no password for the user at h: ");
}

static void two_places(void **state)
{
	struct server server = { .host = text("h"), .place = "config:7",
		.password = text("hidden"), .netrc = text("/nonexistent") };
	struct fault why = { 0 };

	(void)state;
	refuse(&server, "config:7: password and netrc are both set for h");
	assert_int_equal(secret_check(&server, &why), -1);
	assert_null(strstr(why.text, "hidden"));
	server.netrc = NULL;
	assert_int_equal(secret_check(&server, &why), 0);
	server.token_command = text("echo x");
	refuse(&server, "token-command and password are both set");
}

static void credential(void **state)
{
	struct server server = { .host = text("h"), .credential = text("mail") };

	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	refuse(&server, "the credential of h: $CREDENTIALS_DIRECTORY is not set");
	setenv("CREDENTIALS_DIRECTORY", getenv("HOME"), 1);
	refuse(&server, "there is no ");
	write_file("mail", "pass word\nmore\n", 0644);
	take(&server, "pass word", false);
	write_file("empty", "", 0600);
	server.credential = text("empty");
	refuse(&server, "is empty");
	server.credential = text("../mail");
	refuse(&server, "\"../mail\" is no name of a credential");
	server.credential = text("..");
	refuse(&server, "is no name of a credential");
}

static void from_netrc(void **state)
{
	struct server server = { .host = text("h"), .user = text("a"), .netrc = text("other") };

	(void)state;
	refuse(&server, "the netrc of h: other has no password for a");
	write_file("other", "machine h login a password other", 0644);
	refuse(&server, "can be read by others (mode 0644): chmod 600 it");
	write_file("other", "machine h login a password other", 0600);
	take(&server, "other", false);
	server.host = text("elsewhere");
	refuse(&server, "has no password for a");
	write_file("other", "machine h login a\npassword \"x", 0600);
	refuse(&server, "other:2: ");
	server.netrc = text("/dev/null");
	refuse(&server, "is no plain file");
	/* Without a place: the one at home, if it has it; else nobody to be asked. */
	server = (struct server){ .host = text("h"), .user = text("a") };
	refuse(&server, "no password for a at h");
	write_file(".netrc", "machine h login a password home", 0600);
	take(&server, "home", false);
	write_file(".netrc", "machine h login b password home", 0644);
	refuse(&server, "no password for a at h");
	server.user = text("b");
	refuse(&server, "chmod 600 it");
}

static void keyring(void **state)
{
	struct server server = { .host = text("h") };
	AUTO_BUF path = { 0 };

	(void)state;
	write_file("secret-tool",
		"#!/bin/sh\n[ $# = 5 ] || exit 3\n"
		"[ \"$4\" = user ] && printf '%s+%s+%s' \"$1\" \"$3\" \"$5\"\n", 0700);
	buf_addf(&path, "%s:%s", getenv("HOME"), getenv("PATH"));
	setenv("PATH", path.ptr, 1);
	strings_add(&server.keyring, SLICE("service mail user 'alice $x'"));
	take(&server, "lookup+mail+alice $x", false);
	strings_clear(&server.keyring);
	for (const char *const *w = (const char *const[]){ "service", "m l", "user", "a", NULL };
		*w; w++)
		strings_add(&server.keyring, slice_text(*w));
	take(&server, "lookup+m l+a", false);
	strings_add(&server.keyring, SLICE("odd"));
	refuse(&server, "the keyring of h: wants pairs");
	strings_clear(&server.keyring);
	strings_add(&server.keyring, SLICE("service"));
	strings_add(&server.keyring, SLICE("mail"));
	refuse(&server, "the keyring of h: exit status 3");
	strings_free(&server.keyring);
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
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0]) + 6];
	size_t n = 0;

	for (; n < sizeof(rows) / sizeof(rows[0]); n++)
		tests[n] = (struct CMUnitTest){ rows[n].label, run_row, NULL, NULL,
			(void *)(uintptr_t)&rows[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(other_sources);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(two_places);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(credential);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(from_netrc);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(keyring);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(cancel);
	return cmocka_run_group_tests(tests, enter, leave);
}
