/*
 * The configuration file: what is taken, and every refusal with its file and line.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/settings.h"
#include "common/base/settings_value.h"

struct sample {
	char *host;
	char *file;
	long port;
	bool keep;
	int tls;
	int64_t timeout;
	uint64_t limit;
	struct strings folders;
};

static const struct setting rows[] = {
	{ .name = "host", .kind = SETTING_TEXT, .offset = offsetof(struct sample, host),
		.required = true },
	SETTING(sample, file, "file", PATH, NULL, ""),
	SETTING_RANGE(sample, port, "port", 1, 65535, "0", ""),
	SETTING(sample, keep, "keep", BOOL, "false", ""),
	SETTING_CHOOSE(sample, tls, "tls", "implicit|starttls|none", "implicit", ""),
	SETTING(sample, timeout, "timeout", TIME, "60s", ""),
	SETTING(sample, limit, "limit", BYTES, "1M", ""),
	SETTING(sample, folders, "folders", LIST, "INBOX", ""),
	SETTING_END,
};

static char path[] = "/tmp/mr-settings-XXXXXX";

static void write_file(const char *text, mode_t mode)
{
	AUTO_FD fd = open(path, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, text, strlen(text), path, NULL), 0);
	assert_int_equal(fchmod(fd, mode), 0);
}

static const struct {
	const char *label, *text;
	mode_t mode;
	const char *want; /* part of the sentence */
} refusals[] = {
	{ "unknown setting", "account: { a: {\n host = \"h\"\n hots = \"h\"\n} }", 0600,
		":3: unknown setting \"hots\" in account.a" },
	{ "unknown section", "\naccounts: { }", 0600, ":2: unknown section \"accounts\"" },
	{ "missing host", "account: {\n a: { port = 1 } }", 0600, ":2: account.a has no host" },
	{ "wrong kind", "account: { a: { host = 7 } }", 0600, ":1: host: expected a text" },
	{ "number as text", "account: { a: { host = \"h\"\n port = \"1\" } }", 0600,
		":2: port: expected a whole number" },
	{ "port 0", "account: { a: { host = \"h\"; port = 0 } }", 0600,
		"port must lie between 1 and 65535" },
	{ "bare time", "account: { a: { host = \"h\"; timeout = \"60\" } }", 0600,
		"timeout: expected a time" },
	{ "choice", "account: { a: { host = \"h\"; tls = \"ssl\" } }", 0600,
		"tls: expected implicit|starttls|none" },
	{ "list of numbers", "account: { a: { host = \"h\"; folders = [ 1 ] } }", 0600,
		"folders: expected a list" },
	{ "yes is no boolean", "account: { a: { host = \"h\"; keep = \"yes\" } }", 0600,
		"keep: expected true or false" },
	{ "syntax", "account: {\n a = \n}", 0600, ":3: syntax error" },
	{ "twice", "account: { a: { host = \"h\"\n host = \"i\" } }", 0600, ":2: duplicate setting" },
	{ "secret for all", "account: { a: { host = \"h\"\n password = \"x\" } }", 0644,
		":2: password in a file that others can read: chmod 600 it" },
	{ "secret for the group", "account: { a: { password = \"x\" } }", 0640,
		":1: password in a file that others can read" },
};

static void test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		AUTO_CONFIG *config = NULL;
		struct sample values = { 0 };
		struct fault why = { 0 };

		write_file(refusals[i].text, refusals[i].mode);
		if (config_open(path, &config, &why) == 0 &&
			settings_read(config, "account", "a", rows, sizeof(values), &values, &why) == 0)
			fail_msg("%s: taken", refusals[i].label);
		settings_free(rows, &values);
		if (why.kind != FAULT_CONFIG || !strstr(why.text, refusals[i].want) ||
			!strstr(why.text, path))
			fail_msg("%s: %s", refusals[i].label, why.text);
	}
}

static void test_values(void **state)
{
	AUTO_CONFIG *config = NULL;
	struct sample values;
	struct fault why = { 0 };

	(void)state;
	write_file("account: { a: { host = \"h\"; file = \"x/y\"; port = 65535; keep = true\n"
		   "tls = \"none\"; timeout = \"2m\"; folders = [ \"a b\", \"c\" ]; limit = \"3K\" } }",
		0644);
	assert_int_equal(config_open(path, &config, &why), 0);
	assert_int_equal(
		settings_read(config, "account", "a", rows, sizeof(values), &values, &why), 0);
	assert_string_equal(values.host, "h");
	assert_string_equal(values.file, "/tmp/x/y");
	assert_int_equal(values.port, 65535);
	assert_true(values.keep);
	assert_int_equal(values.tls, 2);
	assert_int_equal(values.timeout, 120000);
	assert_int_equal(values.limit, 3072);
	assert_int_equal(values.folders.count, 2);
	assert_string_equal(values.folders.at[0], "a b");
	settings_free(rows, &values);
}

static void test_defaults(void **state)
{
	AUTO_CONFIG *config = NULL;
	struct sample values;
	struct fault why = { 0 };

	(void)state;
	write_file("account: { a: { host = \"h\" } }", 0644);
	assert_int_equal(config_open(path, &config, &why), 0);
	assert_int_equal(
		settings_read(config, "account", "a", rows, sizeof(values), &values, &why), 0);
	assert_null(values.file);
	assert_int_equal(values.port, 0);
	assert_false(values.keep);
	assert_int_equal(values.timeout, 60000);
	assert_int_equal(values.limit, 1 << 20);
	assert_string_equal(values.folders.at[0], "INBOX");
	settings_free(rows, &values);
	assert_int_equal(config_open("/nonexistent/config", &config, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
}

/* Each row: what the other reading says, and whether that is the same. */
static const struct {
	const char *text;
	bool same;
} others[] = {
	{ "host = \"h\"; keep = false", true },
	{ "keep = false; host = \"h\"; timeout = \"1m\"", true },
	{ "host = \"i\"", false },
	{ "host = \"h\"; keep = true", false },
	{ "host = \"h\"; port = 1", false },
	{ "host = \"h\"; timeout = \"61s\"", false },
	{ "host = \"h\"; limit = \"2M\"", false },
	{ "host = \"h\"; folders = [ \"INBOX\", \"b\" ]", false },
	{ "host = \"h\"; folders = [ \"b\" ]", false },
	{ "host = \"h\"; file = \"x\"", false },
};

static void read_text(const char *text, struct sample *out)
{
	AUTO_CONFIG *config = NULL;
	AUTO_BUF whole = { 0 };
	struct fault why;

	buf_addf(&whole, "account: { a: { %s } }", text);
	write_file(buf_text(&whole), 0600);
	assert_int_equal(config_open(path, &config, &why), 0);
	assert_int_equal(settings_read(config, "account", "a", rows, sizeof(*out), out, &why), 0);
}

static void test_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct sample a, b;

		read_text("host = \"h\"", &a);
		read_text(others[i].text, &b);
		if (settings_same(rows, &a, &b) != others[i].same)
			fail_msg("%s", others[i].text);
		settings_free(rows, &a);
		settings_free(rows, &b);
	}
}

/* From a command line; NULL: it is refused. */
static const struct {
	const char *name, *text, *want;
} sets[] = {
	{ "host", "other", "host = \"other\"" },
	{ "file", "/x", "host = \"h\"; file = \"/x\"" },
	{ "keep", "true", "host = \"h\"; keep = true" },
	{ "keep", "yes", NULL },
	{ "port", "25", "host = \"h\"; port = 25" },
	{ "port", "0", NULL },
	{ "port", "25x", NULL },
	{ "port", "", NULL },
	{ "port", "99999999999999999999", NULL },
	{ "tls", "none", "host = \"h\"; tls = \"none\"" },
	{ "tls", "some", NULL },
	{ "timeout", "2m", "host = \"h\"; timeout = \"2m\"" },
	{ "timeout", "2", NULL },
	{ "limit", "3K", "host = \"h\"; limit = \"3K\"" },
	{ "folders", "a  b", "host = \"h\"; folders = [ \"a\", \"b\" ]" },
	{ "hots", "h", NULL },
};

static void test_set(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct sample a, b;
		struct fault why;

		read_text("host = \"h\"", &a);
		read_text(sets[i].want ? sets[i].want : "host = \"h\"", &b);
		if (settings_set(rows, &a, sets[i].name, sets[i].text, &why) < 0) {
			if (sets[i].want || why.kind != FAULT_USAGE)
				fail_msg("%s=%s: %s", sets[i].name, sets[i].text, why.text);
		} else if (!sets[i].want || !settings_same(rows, &a, &b)) {
			fail_msg("%s=%s", sets[i].name, sets[i].text);
		}
		settings_free(rows, &a);
		settings_free(rows, &b);
	}
}

static int make_path(void **state)
{
	AUTO_FD fd = mkstemp(path);

	(void)state;
	return fd < 0;
}

static int drop_path(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_set),
	};

	return cmocka_run_group_tests_name("settings", tests, make_path, drop_path);
}
