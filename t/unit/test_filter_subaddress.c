/*
 * subaddress (RFC 5233): :user and :detail.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

static const char message[] =
	"From: ken+foo@example.com\n"
	"To: Plain <plain@example.com>, \"quoted+it em\"@example.com, empty+@example.com\n"
	"Cc: a+b+c@example.com, d-e+f@example.com\n"
	"Bcc: +front@example.com\n"
	"Sender: no address\n"
	"Reply-To: nobody\n"
	"Return-Path: <>\n"
	"\n";

static const struct sieve_case plus[] = {
	{ ":user", "address :user \"from\" \"KEN\"", SIEVE_TRUE },
	{ ":detail", "address :detail \"from\" \"foo\"", SIEVE_TRUE },
	{ ":detail is not the local part", "address :detail \"from\" \"ken+foo\"", SIEVE_FALSE },
	{ "no delimiter: all is the user", "address :user \"to\" \"plain\"", SIEVE_TRUE },
	{ "no delimiter: no detail", "address :detail :contains \"reply-to\" \"\"", SIEVE_FALSE },
	{ "no delimiter: counted", "address :detail :count \"eq\" \"to\" \"3\"", SIEVE_TRUE },
	{ "no domain: counted", "address :domain :count \"eq\" \"reply-to\" \"1\"", SIEVE_TRUE },
	{ "no delimiter in the envelope", "envelope :detail :count \"eq\" \"to\" \"1\"",
		SIEVE_TRUE },
	{ "empty detail", "address :detail \"to\" \"\"", SIEVE_TRUE },
	{ "quoted local part", "address :detail \"to\" \"it em\"", SIEVE_TRUE },
	{ "the first delimiter parts", "address :user \"cc\" \"a\"", SIEVE_TRUE },
	{ "the rest is the detail", "address :detail \"cc\" \"b+c\"", SIEVE_TRUE },
	{ "delimiter in front", "address :user \"bcc\" \"\"", SIEVE_TRUE },
	{ "a word that is no address", "address :user :contains \"sender\" \"\"", SIEVE_FALSE },
	{ "without a domain", "address :user \"reply-to\" \"nobody\"", SIEVE_TRUE },
	{ "the null address", "address :detail :contains \"return-path\" \"\"", SIEVE_FALSE },
	{ "captures", "allof (address :detail :matches \"from\" \"f*\", string \"${1}\" \"oo\")",
		SIEVE_TRUE },
	{ "envelope :user", "envelope :user \"to\" \"me\"", SIEVE_TRUE },
	{ "envelope without detail", "envelope :detail :contains \"to\" \"\"", SIEVE_FALSE },
};

static const struct sieve_case several[] = {
	{ "the first of several", "address :user \"cc\" \"d\"", SIEVE_TRUE },
	{ "and the rest", "address :detail \"cc\" \"e+f\"", SIEVE_TRUE },
	{ "one behind the other", "address :detail \"from\" \"foo\"", SIEVE_TRUE },
};

static const struct sieve_case none[] = {
	{ "no delimiter is set", "address :user \"from\" \"ken+foo\"", SIEVE_TRUE },
	{ "nothing has a detail", "address :detail :contains [\"from\", \"to\"] \"\"",
		SIEVE_FALSE },
};

static const struct sieve_case wrong[] = {
	{ "no require", "if address :user \"from\" \"a\" {}",
		"1:12 \":user\" expected require \"subaddress\" at the top" },
	{ "two parts", "require \"subaddress\"; if address :user :detail \"from\" \"a\" {}",
		"1:40 second address part \":detail\", expected only one" },
};

static void test_delimiters(void **state)
{
	char *plus_only = sieve_case_settings.recipient_delimiter;

	(void)state;
	sieve_case_check_tests(plus, SIEVE_COUNT(plus), REQUIRE, message);
	sieve_case_settings.recipient_delimiter = (char[]){ "-+" };
	sieve_case_check_tests(several, SIEVE_COUNT(several), REQUIRE, message);
	sieve_case_settings.recipient_delimiter = (char[]){ "" };
	sieve_case_check_tests(none, SIEVE_COUNT(none), REQUIRE, message);
	sieve_case_settings.recipient_delimiter = plus_only;
}

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(wrong, SIEVE_COUNT(wrong));
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_delimiters),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
