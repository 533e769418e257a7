/*
 * environment and vnd.dovecot.environment: RFC 5183, spec-bosch-sieve-dovecot-environment.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

#define PLAIN "require [\"environment\", \"relational\", \"comparator-i;ascii-numeric\"];"
#define MORE "require [\"vnd.dovecot.environment\", \"variables\"];"

static const struct sieve_case plain[] = {
	{ "name", "environment \"name\" \"Mailrail\"", SIEVE_TRUE },
	{ "the name in any case", "environment \"NAME\" \"mailrail\"", SIEVE_TRUE },
	{ "host", "environment \"host\" \"box.example.org\"", SIEVE_TRUE },
	{ "domain", "environment :matches \"domain\" \"example.*\"", SIEVE_TRUE },
	{ "location", "environment \"location\" \"MDA\"", SIEVE_TRUE },
	{ "phase", "environment \"phase\" [\"pre\", \"during\"]", SIEVE_TRUE },
	{ "version", "environment :contains \"version\" \".\"", SIEVE_TRUE },
	{ "known and empty", "environment :contains \"remote-ip\" \"\"", SIEVE_TRUE },
	{ "not known", "environment :contains \"item\" \"\"", SIEVE_FALSE },
	{ "not known, counted", "environment :count \"eq\" \"item\" \"0\"", SIEVE_FALSE },
	{ "counted", "environment :count \"eq\" \"name\" \"1\"", SIEVE_TRUE },
	{ "empty, counted", "environment :count \"eq\" \"remote-host\" \"0\"", SIEVE_TRUE },
	{ "vendor's without its capability",
		"environment \"vnd.dovecot.default-mailbox\" \"INBOX\"", SIEVE_FALSE },
};

static const struct sieve_case more[] = {
	{ "default mailbox", "environment \"vnd.dovecot.default-mailbox\" \"INBOX\"", SIEVE_TRUE },
	{ "username", "environment \"vnd.dovecot.username\" \"alice\"", SIEVE_TRUE },
	{ "configured", "environment \"vnd.dovecot.config.extra-one\" \"a=b\"", SIEVE_TRUE },
	{ "not configured", "environment :contains \"vnd.dovecot.config.none\" \"\"", SIEVE_FALSE },
	{ "variables", "string \"${env.vnd.dovecot.default_mailbox} ${ENV.host}\" "
		"\"INBOX box.example.org\"", SIEVE_TRUE },
	{ "a configured variable", "string \"${env.vnd.dovecot.config.extra_one}\" \"a=b\"",
		SIEVE_TRUE },
	{ "an unknown variable", "string \"<${env.none}>\" \"<>\"", SIEVE_TRUE },
};

static const struct sieve_case refused[] = {
	{ "no require", "if environment \"name\" \"x\" { keep; }",
		"1:4 \"environment\" expected require \"environment\" at the top" },
	{ "env without its capability", "require [\"environment\", \"variables\"];\n"
		"set \"a\" \"${env.name}\";", "2:9 variable of an unknown namespace: ${env.name}" },
	{ "env is not set", MORE "\nset \"env.name\" \"\";",
		"2:5 \"env.name\" is no name of a variable, expected letters, digits and _" },
};

static void test_rows(void **state)
{
	(void)state;
	sieve_case_check_tests(plain, sizeof(plain) / sizeof(plain[0]), PLAIN, sieve_case_message);
	sieve_case_check_tests(more, sizeof(more) / sizeof(more[0]), MORE, sieve_case_message);
	sieve_case_check_refused(refused, sizeof(refused) / sizeof(refused[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
