/*
 * What each test answers about one message: RFC 5228 section 5 and the extensions.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

#define TRUE "keep;"
#define FALSE "discard;"

/* Each row is a test; true means keep, false discard. */
static const struct sieve_case tests[] = {
	{ "true", "true", TRUE },
	{ "false", "false", FALSE },
	{ "not", "not false", TRUE },
	{ "not not", "not not false", FALSE },
	{ "allof", "allof (true, true)", TRUE },
	{ "allof with a false one", "allof (true, false, true)", FALSE },
	{ "anyof", "anyof (false, true)", TRUE },
	{ "anyof of none", "anyof (false, false)", FALSE },
	/* header */
	{ ":is is the default", "header \"received\" \"A\"", TRUE },
	{ "trimmed and unfolded", "header :comparator \"i;octet\" \"Subject\" \"I have a "
		"present\tfor you\"", TRUE },
	{ "i;octet minds case", "header :comparator \"i;octet\" :contains \"Subject\" \"i "
		"have\"", FALSE },
	{ "any key", "header :contains \"Subject\" [\"x\", \"PRESENT\"]", TRUE },
	{ "any field", "header :contains [\"X-None\", \"Subject\"] \"present\"", TRUE },
	{ "second instance", "header \"received\" \"c\"", TRUE },
	{ "no such field has no empty key", "header :contains \"X-None\" \"\"", FALSE },
	{ "empty field is the empty key", "header \"X-Empty\" \"\"", TRUE },
	{ "empty key in every value", "header :contains \"Subject\" \"\"", TRUE },
	{ "encoded words", "header \"X-Word\" \"gr\xc3\xbc\xc3\x9f" "e \xf0\x9f\x98\x80\"", TRUE },
	{ "encoded words in a :contains", "header :contains \"X-Word\" \"\xc3\xbc\"", TRUE },
	/* matches */
	{ "star", "header :matches \"Subject\" \"*present*\"", TRUE },
	{ "whole value", "header :matches \"Subject\" \"present\"", FALSE },
	{ "question mark", "header :matches \"Subject\" \"I ???? a*\"", TRUE },
	{ "quoted star", "header :matches \"Subject\" \"\\\\*\"", FALSE },
	{ "absent or blank, RFC 5.7", "not header :matches \"X-Empty\" \"?*\"", TRUE },
	/* exists */
	{ "exists", "exists [\"from\", \"TO\"]", TRUE },
	{ "exists wants all", "exists [\"from\", \"x-none\"]", FALSE },
	/* address */
	{ "address :all", "address :is \"from\" \"coyote@desert.example.org\"", TRUE },
	{ "never the phrase", "address :contains \"from\" \"Coyote <\"", FALSE },
	{ "address :domain", "address :domain \"from\" \"desert.example.org\"", TRUE },
	{ "address :localpart", "address :localpart \"from\" \"coyote\"", TRUE },
	{ "inside a group", "address \"to\" \"a@x.org\"", TRUE },
	{ "group name is no address", "address :contains \"to\" \"Group\"", FALSE },
	{ "quoted local part", "address :localpart \"to\" \"b c\"", TRUE },
	{ "invalid: no part", "address :localpart :contains \"cc\" \"\"", FALSE },
	{ "invalid: whole text", "address :contains \"cc\" \"not an address\"", TRUE },
	{ "no name of a field", "anyof (exists \"From:\", header :contains \"a b\" \"\", "
		"address :contains \"To:\" \"\")", FALSE },
	/* envelope */
	{ "envelope from", "envelope \"from\" \"sender@example.net\"", TRUE },
	{ "envelope :domain", "envelope :domain \"FROM\" \"example.net\"", TRUE },
	{ "envelope to", "envelope :localpart \"to\" \"me\"", TRUE },
	{ "envelope to, another", "envelope \"to\" \"you@example.net\"", FALSE },
	/* size */
	{ "size over", "size :over 10", TRUE },
	{ "size under", "size :under 10", FALSE },
	{ "size over K", "size :over 1K", FALSE },
	/* index */
	{ ":index", "header :index 2 \"received\" \"B\"", TRUE },
	{ ":index leaves the others out", "header :index 2 \"received\" [\"a\", \"c\"]", FALSE },
	{ ":index :last", "header :index 1 :last \"received\" \"c\"", TRUE },
	{ ":last before :index", "header :last :index 3 \"received\" \"a\"", TRUE },
	{ ":index beyond", "header :index 4 :contains \"received\" \"\"", FALSE },
	{ ":index :last beyond", "header :index 4 :last :contains \"received\" \"\"", FALSE },
	{ "address :index", "address :index 1 \"from\" \"coyote@desert.example.org\"", TRUE },
	/* relational */
	{ "count", "header :count \"eq\" :comparator \"i;ascii-numeric\" \"received\" \"3\"",
		TRUE },
	{ "count of none", "header :count \"eq\" :comparator \"i;ascii-numeric\" \"x-none\" "
		"\"0\"", TRUE },
	{ "count of addresses", "address :count \"eq\" :comparator \"i;ascii-numeric\" \"to\" "
		"\"3\"", TRUE },
	{ "counts add up", "header :count \"ge\" :comparator \"i;ascii-numeric\" "
		"[\"received\",\"subject\"] \"4\"", TRUE },
	{ "count is a number anyway", "header :count \"lt\" \"received\" \"10\"", TRUE },
	{ "value gt", "header :value \"gt\" :comparator \"i;ascii-numeric\" \"x-number\" \"9\"",
		TRUE },
	{ "value lt as text", "header :value \"lt\" \"x-number\" \"9\"", TRUE },
	{ "numbers: leading zeros", "header :is :comparator \"i;ascii-numeric\" \"x-number\" "
		"\"10\"", TRUE },
	{ "no number is infinite", "header :value \"gt\" :comparator \"i;ascii-numeric\" "
		"\"subject\" \"99\"", TRUE },
	{ "value with casemap", "header :value \"eq\" \"subject\" \"I HAVE a present for you\"",
		FALSE },
	{ "envelope count", "envelope :count \"eq\" :comparator \"i;ascii-numeric\" \"from\" "
		"\"1\"", TRUE },
	/* regex */
	{ "regex", "header :regex \"subject\" \"^i.*PRESENT\"", TRUE },
	{ "regex octet", "header :regex :comparator \"i;octet\" \"subject\" \"PRESENT\"", FALSE },
	{ "regex of UTF-8", "header :regex \"x-word\" \"^gr..e .$\"", TRUE },
	{ "regex classes", "header :regex \"x-number\" \"^[[:digit:]]{3}\\\\s\\\\w+$\"", TRUE },
	/* string */
	{ "string", "string \"a\" [\"b\", \"a\"]", TRUE },
	{ "string does not trim", "string \" a\" \"a\"", FALSE },
	{ "string count", "string :count \"eq\" :comparator \"i;ascii-numeric\" [\"a\", \"\", "
		"\"b\"] \"2\"", TRUE },
	/* encoded characters */
	{ "hex", "string \"$${hex:40}\" \"$@\"", TRUE },
	{ "hex with blanks", "string \"${hex: 41  42 }\" \"ab\"", TRUE },
	{ "hex open", "string :comparator \"i;octet\" \"${hex:40\" \"${hex:4${hex:30}\"", TRUE },
	{ "hex too long is text", "string :matches \"a${hex:400}\" \"a?{hex:400}\"", TRUE },
	{ "unicode", "string \"${unicode:00e4 1F600}\" \"\xc3\xa4\xf0\x9f\x98\x80\"", TRUE },
	{ "capitals", "string \"${UnICoDE:0000040}\" \"@\"", TRUE },
	/* mailbox */
	{ "mailboxexists", "mailboxexists [\"INBOX\", \"there\"]", TRUE },
	{ "mailboxexists wants all", "mailboxexists [\"there\", \"gone\"]", FALSE },
	/* hasflag */
	{ "hasflag of nothing", "hasflag \"a\"", FALSE },
	{ "hasflag count", "hasflag :count \"eq\" :comparator \"i;ascii-numeric\" \"0\"", TRUE },
};

static void test_tests(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, "%sif %s { keep; } else { discard; }", REQUIRE, tests[i].script);
		sieve_case_check(&tests[i], script.ptr);
	}
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_tests),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
