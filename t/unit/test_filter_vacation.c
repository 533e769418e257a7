/*
 * vacation: how often, by which handle, what it asks of a script (RFC 5230 4, RFC 6131,
 * RFC 8580 5).
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/reply_case.h"
#include "t/unit/sieve_check.h"

#define NEEDS \
	"require [\"vacation-seconds\",\"variables\",\"fileinto\",\"fcc\",\"mailbox\"," \
	"\"imap4flags\",\"copy\"];"
#define DUE(seconds) "vacation a@b.org " seconds ";keep;"
#define FAILS(why) "keep;!r.sieve:1: " why

static const char message[] = "Subject: one\nTo: me@x.org\n\nhello\n";

/* The default here is 7 days, the maximum 90. */
static const struct sieve_case rows[] = {
	{ "default", NEEDS "vacation \"a\";", DUE("604800") },
	{ ":days", NEEDS "vacation :days 23 \"a\";", DUE("1987200") },
	{ ":days 0", NEEDS "vacation :days 0 \"a\";", DUE("86400") },
	{ ":days beyond", NEEDS "vacation :days 91 \"a\";", DUE("7776000") },
	{ ":days beyond numbers", NEEDS "vacation :days 9223372036854775807 \"a\";",
		DUE("7776000") },
	{ ":seconds", NEEDS "vacation :seconds 1800 \"a\";", DUE("1800") },
	{ ":seconds 0, RFC 6131 3", NEEDS "vacation :handle \"auto-resp\" :seconds 0 \"a\";",
		"vacation a@b.org;keep;" },
	{ ":seconds at their limit", NEEDS "vacation :seconds 2147483648 \"a\";",
		DUE("7776000") },
	{ "with discard", NEEDS "vacation \"a\"; discard;", "vacation a@b.org 604800;discard;" },
	{ "with fileinto", NEEDS "vacation \"a\"; fileinto \"b\";",
		"vacation a@b.org 604800;fileinto b;" },
	{ "with redirect", NEEDS "redirect \"c@d.org\"; vacation \"a\";",
		"redirect c@d.org;vacation a@b.org 604800;" },
	{ "with keep", NEEDS "keep; vacation \"a\";", DUE("604800") },
	{ "twice", NEEDS "vacation \"a\"; vacation \"a\";",
		FAILS("vacation runs once in a script (RFC 5230 4.7)") },
	{ "wrong :from by a variable", NEEDS "set \"a\" \"nobody\"; vacation :from \"${a}\" \"x\";",
		FAILS("\"nobody\" is no author, expected name@domain or Name <name@domain>") },
	{ "wrong entity by a variable", NEEDS "set \"a\" \"x: y\"; vacation :mime \"${a}\";",
		FAILS("\"x: y\" is no MIME field, expected \"Content-...:\" fields, an empty line, "
			"and the content") },
	{ "wrong folder by a variable", NEEDS "vacation :fcc \"${a}\" \"x\";",
		FAILS("the name of the folder is empty") },
};

static const struct sieve_case refused[] = {
	{ "no require", "vacation \"a\";",
		"1:1 \"vacation\" expected require \"vacation\" at the top" },
	{ "no require of :seconds", "require \"vacation\"; vacation :seconds 1 \"a\";",
		"1:30 \":seconds\" expected require \"vacation-seconds\" at the top" },
	{ "no require of :fcc", "require \"vacation\"; vacation :fcc \"b\" \"a\";",
		"1:30 \":fcc\" expected require \"fcc\" at the top" },
	{ ":days and :seconds", "require \"vacation-seconds\"; vacation :days 1 :seconds 1 \"a\";",
		"1:46 \":seconds\" does not go with the tag before it" },
	{ ":seconds too many", "require \"vacation-seconds\"; vacation :seconds 2147483649 \"a\";",
		"1:29 \":seconds\" expected at most 2147483648 (RFC 6131)" },
	{ "no reason", "require \"vacation\"; vacation;", "1:21 \"vacation\" expected a string" },
	{ ":from", "require \"vacation\"; vacation :from \"me\" \"a\";",
		"1:36 \"me\" is no author, expected name@domain or Name <name@domain>" },
	{ ":from is empty", "require \"vacation\"; vacation :from \"\" \"a\";",
		"1:36 \"\" is no author, expected name@domain or Name <name@domain>" },
	{ ":from of a group", "require \"vacation\"; vacation :from \"g: a@b.org;\" \"a\";",
		"1:36 \"g: a@b.org;\" is no author, expected name@domain or Name <name@domain>" },
	{ ":mime without fields", "require \"vacation\"; vacation :mime \"I am away\";",
		"1:36 \"I am away\" is no MIME field, expected \"Content-...:\" fields, an empty "
		"line, and the content" },
	{ ":mime with another field",
		"require \"vacation\"; vacation :mime \"Content-Type: text/plain\nBcc: a@b\n\nx\";",
		"1:36 \"Bcc: a@b\" is no MIME field, expected \"Content-...:\" fields, an empty "
		"line, and the content" },
	{ ":mime with 8-bit fields",
		"require \"vacation\"; vacation :mime \"Content-Type: \xc3\xa4\n\nx\";",
		"1:36 a MIME field may hold printable ASCII only" },
	{ ":flags alone", "require [\"vacation\",\"imap4flags\"]; vacation :flags \"x\" \"a\";",
		"1:36 \":flags\" expected \":fcc\" beside it" },
	{ ":create alone", "require [\"vacation\",\"mailbox\"]; vacation :create \"a\";",
		"1:33 \":create\" expected \":fcc\" beside it" },
	{ ":fcc without a name", "require [\"vacation\",\"fcc\"]; vacation :fcc \"\" \"a\";",
		"1:43 the name of the folder is empty" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(rows); i++) {
		AUTO_RULESET set = { 0 };
		AUTO_GOT got = { 0 };

		sieve_case_add(&set, "r.sieve", slice_text(rows[i].script));
		if (set.scripts[0]->problems.count > 0)
			fail_msg("%s: %s", rows[i].label, set.scripts[0]->problems.at[0].text);
		reply_case_run(&set, "a@b.org", "me@x.org", slice_text(message), &got);
		if (strcmp(buf_text(&got.line), rows[i].actions) != 0)
			fail_msg("%s: got <%s>, expected <%s>", rows[i].label,
				buf_text(&got.line), rows[i].actions);
	}
}

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(refused, SIEVE_COUNT(refused));
}

static char *handle_of(const char *arguments)
{
	AUTO_RULESET set = { 0 };
	AUTO_GOT got = { 0 };
	AUTO_BUF script = { 0 };
	const char *from;

	buf_addf(&script, NEEDS "if header :matches \"subject\" \"*\" { vacation %s; }", arguments);
	sieve_case_add(&set, "r.sieve", buf_slice(&script));
	reply_case_run(&set, "a@b.org", "me@x.org", slice_text(message), &got);
	from = strstr(got.actions.ptr, ":handle \"");
	assert_non_null(from);
	from += 9;
	return slice_copy(slice_first(slice_text(from), strcspn(from, "\"")));
}

/* Section 4.2: these must be told apart, though some hold the same texts. */
static void test_handles(void **state)
{
	static const char *const different[] = {
		"\"x\"", "\"y\"", ":subject \"x\" \"y\"", ":subject \"y\" \"x\"",
		":from \"x@y.org\" \"y\"", ":mime \"\nx\"", "\"\nx\"", ":handle \"x\" \"y\"",
		":subject \"\" \"xy\"", ":subject \"x\" \"\"", ":subject \"\" \"x\"", "\"${1}\"", "\"${0}\"",
	};
	enum { COUNT = sizeof(different) / sizeof(different[0]) };
	char *handles[COUNT];
	size_t same = 0;

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		handles[i] = handle_of(different[i]);
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t j = 0; j < i; j++)
			same += strcmp(handles[i], handles[j]) == 0;
	}
	assert_int_equal(same, 0);
	for (size_t i = 0; i < COUNT; i++)
		free(handles[i]);
}

static void check_handle(const char *arguments, const char *handle)
{
	AUTO_FREE char *got = handle_of(arguments);

	assert_string_equal(got, handle);
}

static void test_handle_texts(void **state)
{
	(void)state;
	check_handle(":handle \"ran-away\" \"x\"", "ran-away");
	check_handle(":handle \"s ${1}\" \"x\"", "s one");
	/* It stands in ledgers: never to be changed. */
	check_handle("\"x\"", "auto-edf5a38bf493c2face1e8a66fd1c899e");
	check_handle(":days 3 :addresses \"a@b.c\" \"x\"", "auto-edf5a38bf493c2face1e8a66fd1c899e");
	check_handle(":handle \"a\nb\" \"x\"", "auto-d829d98420342a343aa6b2fbeedc895d");
}

static void test_fcc(void **state)
{
	AUTO_RULESET set = { 0 };
	AUTO_GOT got = { 0 };

	(void)state;
	sieve_case_add(&set, "r.sieve", SLICE(NEEDS "addflag \"x\"; vacation :fcc \"Sent\" "
		":flags [\"\\\\Seen\", \"b c\"] :create :handle \"h\" \"a\";"));
	reply_case_run(&set, "a@b.org", "me@x.org", slice_text(message), &got);
	assert_true(slice_starts(buf_slice(&got.actions), "vacation :create :flags [\"\\\\Seen\", "
		"\"b\", \"c\"] :seconds 604800 :handle \"h\" :fcc \"Sent\" \"a@b.org\" \"From: "));
}

/* RFC 8580 section 3.1.3 */
static void test_special_use(void **state)
{
	static const struct sieve_case wrong = { "special use",
		"require [\"vacation\",\"fcc\",\"special-use\"]; vacation :fcc \"Sent\" :specialuse "
		"\"Sent\" \"a\";", "1:76 \"Sent\" is no special use, expected one like \"\\\\Junk\"" };
	AUTO_RULESET set = { 0 };
	AUTO_GOT got = { 0 };

	(void)state;
	sieve_case_add(&set, "r.sieve", SLICE("require [\"vacation\",\"fcc\",\"special-use\"];"
		"vacation :fcc \"Sent\" :specialuse \"\\\\Sent\" :handle \"h\" \"a\";"));
	reply_case_run(&set, "a@b.org", "me@x.org", slice_text(message), &got);
	assert_true(slice_starts(buf_slice(&got.actions),
		"vacation :specialuse \"\\\\Sent\" :seconds 604800 :handle \"h\" :fcc \"Sent\""));
	sieve_case_check_refused(&wrong, 1);
}

/* The second file's is left out: one message, one reply. */
static void test_files(void **state)
{
	AUTO_RULESET set = { 0 };
	AUTO_GOT got = { 0 };

	(void)state;
	sieve_case_add(&set, "1.sieve", SLICE(NEEDS "vacation :days 1 \"a\";"));
	sieve_case_add(&set, "2.sieve", SLICE(NEEDS "vacation :days 2 \"b\";"));
	reply_case_run(&set, "a@b.org", "me@x.org", slice_text(message), &got);
	assert_string_equal(got.line.ptr, "(no reply: vacation has run in a file before this "
		"one)vacation a@b.org 86400;keep;");
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_handles),
		cmocka_unit_test(test_handle_texts),
		cmocka_unit_test(test_fcc),
		cmocka_unit_test(test_special_use),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
