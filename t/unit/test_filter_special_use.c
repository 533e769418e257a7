/*
 * special-use (RFC 8579) and mailboxexists (RFC 5490 section 3.1).
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

static const struct sieve_case tests[] = {
	{ "a folder for it", "specialuse_exists \"\\\\Junk\"", SIEVE_TRUE },
	{ "folders for each", "specialuse_exists [\"\\\\Junk\", \"\\\\Archive\"]", SIEVE_TRUE },
	{ "none for one of them", "specialuse_exists [\"\\\\Junk\", \"\\\\Sent\"]", SIEVE_FALSE },
	{ "this folder", "specialuse_exists \"there\" \"\\\\Junk\"", SIEVE_TRUE },
	{ "this folder for all", "specialuse_exists \"there\" [\"\\\\Junk\", \"\\\\Archive\"]",
		SIEVE_FALSE },
	{ "another folder", "specialuse_exists \"gone\" \"\\\\Junk\"", SIEVE_FALSE },
	{ "no use in a variable", "specialuse_exists \"${unset}Junk\"", SIEVE_FALSE },
	{ "no name in a variable", "specialuse_exists \"${unset}\" \"\\\\Junk\"", SIEVE_FALSE },
	{ "mailboxexists", "mailboxexists [\"INBOX\", \"there\"]", SIEVE_TRUE },
	{ "mailboxexists, no name in a variable", "mailboxexists [\"there\", \"${unset}\"]",
		SIEVE_FALSE },
};

static const struct sieve_case runs[] = {
	{ "fileinto", "fileinto :specialuse \"\\\\Junk\" \"Spam\";",
		"fileinto :specialuse \"\\\\Junk\" \"Spam\";" },
	{ "with :create", "fileinto :specialuse \"\\\\Junk\" :create \"Spam\";",
		"fileinto :create :specialuse \"\\\\Junk\" \"Spam\";" },
	{ "a variable", "set \"u\" \"Junk\"; fileinto :specialuse \"\\\\${u}\" \"Spam\";",
		"fileinto :specialuse \"\\\\Junk\" \"Spam\";" },
	{ "no use in a variable", "fileinto :specialuse \"${unset}Junk\" \"Spam\";",
		"keep;!r.sieve:2: \"Junk\" is no special use, expected one like \"\\\\Junk\"" },
	{ "twice is once", "fileinto :specialuse \"\\\\Junk\" \"a\"; fileinto :specialuse "
		"\"\\\\junk\" \"a\";", "fileinto :specialuse \"\\\\junk\" \"a\";" },
	{ "with and without are two", "fileinto :specialuse \"\\\\Junk\" \"a\"; fileinto \"a\";",
		"fileinto :specialuse \"\\\\Junk\" \"a\";fileinto \"a\";" },
	{ "the inbox with a use is no keep", "keep; fileinto :specialuse \"\\\\Junk\" \"INBOX\";",
		"fileinto :specialuse \"\\\\Junk\" \"INBOX\";keep;" },
};

#define USE " is no special use, expected one like \"\\\\Junk\""
#define SPECIAL "require [\"special-use\", \"fileinto\", \"mailbox\"]; "

static const struct sieve_case wrong[] = {
	{ "no require", "require \"fileinto\"; fileinto :specialuse \"\\\\Junk\" \"a\";",
		"1:30 \":specialuse\" expected require \"special-use\" at the top" },
	{ "no require of the test", "if specialuse_exists \"\\\\Junk\" {}",
		"1:4 \"specialuse_exists\" expected require \"special-use\" at the top" },
	{ "no backslash", SPECIAL "fileinto :specialuse \"Junk\" \"a\";",
		"1:70 \"Junk\"" USE },
	{ "no atom", SPECIAL "fileinto :specialuse \"\\\\Junk mail\" \"a\";",
		"1:70 \"\\Junk mail\"" USE },
	{ "nothing", SPECIAL "if specialuse_exists \"\" {}", "1:70 \"\"" USE },
	{ "no name", SPECIAL "if specialuse_exists \"\" \"\\\\Junk\" {}",
		"1:70 the name of the folder is empty" },
	{ "several folders", SPECIAL "if specialuse_exists [\"a\", \"b\"] \"\\\\Junk\" {}",
		"1:70 expected one string, no list" },
	{ "mailboxexists of no name", SPECIAL "if mailboxexists [\"a\", \"\"] {}",
		"1:72 the name of the folder is empty" },
};

static void test_tests(void **state)
{
	(void)state;
	sieve_case_check_tests(tests, SIEVE_COUNT(tests), REQUIRE, sieve_case_message);
}

static void test_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(runs); i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, "%s%s", REQUIRE, runs[i].script);
		sieve_case_check(&runs[i], script.ptr);
	}
}

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(wrong, SIEVE_COUNT(wrong));
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_tests),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
