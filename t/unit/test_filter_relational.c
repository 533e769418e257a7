/*
 * relational (RFC 5231), line by line.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

#define NUMERIC " :comparator \"i;ascii-numeric\" "

/* The message of section 6. */
static const char message[] =
	"received: a\n"
	"received: b\n"
	"subject: example\n"
	"to: foo@example.com, baz@example.com\n"
	"cc: qux@example.com\n"
	"from: zoe@example.com\n"
	"reply-to: Group: a@example.com, b@example.com;, None:;\n"
	"x-priority: 2 (high)\n"
	"x-many: 5\n"
	"x-many: 7\n"
	"\n";

static const struct sieve_case rows[] = {
	/* section 6 */
	{ "to and cc", "address :count \"ge\"" NUMERIC "[\"to\", \"cc\"] [\"3\"]", SIEVE_TRUE },
	{ "to or cc", "anyof (address :count \"ge\"" NUMERIC "[\"to\"] [\"3\"], address :count "
		"\"ge\"" NUMERIC "[\"cc\"] [\"3\"])", SIEVE_FALSE },
	{ "received", "header :count \"ge\"" NUMERIC "[\"received\"] [\"3\"]", SIEVE_FALSE },
	{ "received and subject", "header :count \"ge\"" NUMERIC "[\"received\", \"subject\"] "
		"[\"3\"]", SIEVE_TRUE },
	{ "fields, not addresses", "header :count \"ge\"" NUMERIC "[\"to\", \"cc\"] [\"3\"]",
		SIEVE_FALSE },
	/* section 7 */
	{ "priority", "header :value \"lt\"" NUMERIC "[\"x-priority\"] [\"3\"]", SIEVE_TRUE },
	{ "more than 5", "address :count \"gt\"" NUMERIC "[\"to\"] [\"5\"]", SIEVE_FALSE },
	{ "N to Z", "address :value \"gt\" :all :comparator \"i;ascii-casemap\" [\"from\"] [\"M\"]",
		SIEVE_TRUE },
	{ "only me", "address :count \"eq\"" NUMERIC "[\"to\", \"cc\"] [\"1\"]", SIEVE_FALSE },
	/* section 4.1: any pair; the message is the left side */
	{ "gt", "header :value \"gt\"" NUMERIC "\"x-many\" \"6\"", SIEVE_TRUE },
	{ "gt of none", "header :value \"gt\"" NUMERIC "\"x-many\" \"7\"", SIEVE_FALSE },
	{ "ge", "header :value \"ge\"" NUMERIC "\"x-many\" \"7\"", SIEVE_TRUE },
	{ "lt", "header :value \"lt\"" NUMERIC "\"x-many\" \"6\"", SIEVE_TRUE },
	{ "lt of none", "header :value \"lt\"" NUMERIC "\"x-many\" \"5\"", SIEVE_FALSE },
	{ "le", "header :value \"le\"" NUMERIC "\"x-many\" \"5\"", SIEVE_TRUE },
	{ "eq", "header :value \"eq\"" NUMERIC "\"x-many\" [\"6\", \"7\"]", SIEVE_TRUE },
	{ "ne, any pair", "header :value \"ne\"" NUMERIC "\"x-many\" \"5\"", SIEVE_TRUE },
	{ "ne, no value", "header :value \"ne\"" NUMERIC "\"x-none\" \"5\"", SIEVE_FALSE },
	{ "ne of the only value", "header :value \"ne\" \"subject\" \"EXAMPLE\"", SIEVE_FALSE },
	{ "relations in any case", "header :value \"GT\"" NUMERIC "\"x-many\" \"6\"", SIEVE_TRUE },
	{ "octets", "header :value \"gt\" :comparator \"i;octet\" \"subject\" \"EXAMPLE\"",
		SIEVE_TRUE },
	{ "a longer text is more", "string :value \"gt\" \"ab\" \"a\"", SIEVE_TRUE },
	{ "32 bits", "string :value \"gt\"" NUMERIC "\"4294967295\" \"4294967294\"", SIEVE_TRUE },
	/* section 4.2 */
	{ "members of groups", "address :count \"eq\"" NUMERIC "\"reply-to\" \"2\"", SIEVE_TRUE },
	{ "any key", "address :count \"eq\"" NUMERIC "\"to\" [\"9\", \"2\"]", SIEVE_TRUE },
	{ "ne with several keys", "address :count \"ne\"" NUMERIC "\"to\" [\"2\", \"3\"]", SIEVE_TRUE },
	{ "a count of nothing", "header :count \"eq\"" NUMERIC "\"x-none\" \"0\"", SIEVE_TRUE },
	{ "envelope from", "envelope :count \"eq\"" NUMERIC "\"from\" \"1\"", SIEVE_TRUE },
	{ "a number anyway", "header :count \"lt\" \"received\" \"10\"", SIEVE_TRUE },
};

#define ANY "expected gt, ge, lt, le, eq or ne"

static const struct sieve_case wrong[] = {
	{ "no require of :value", "if header :value \"gt\" \"a\" \"1\" {}",
		"1:11 \":value\" expected require \"relational\" at the top" },
	{ "no require of :count", "if header :count \"gt\" \"a\" \"1\" {}",
		"1:11 \":count\" expected require \"relational\" at the top" },
	{ "no relation", "require \"relational\"; if header :value \"=\" \"a\" \"1\" {}",
		"1:33 unknown relation \"=\", " ANY },
	{ "a list of relations", "require \"relational\"; if header :count [\"gt\"] \"a\" \"1\" {}",
		"1:33 expected a string behind \":count\"" },
	{ "no comparator for it", "require \"relational\"; if header :value \"gt\" :comparator "
		"\"i;ascii-numeric\" \"a\" \"1\" {}",
		"1:45 this comparator expected require \"comparator-i;ascii-numeric\" at the top" },
};

static void test_tests(void **state)
{
	(void)state;
	sieve_case_check_tests(rows, SIEVE_COUNT(rows), REQUIRE, message);
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
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
