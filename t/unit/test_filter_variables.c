/*
 * variables (RFC 5229) and what :regex adds to them, line by line.
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
	"List-ID: Acme <users@acme.example.org>\n"
	"Subject: [acme-users] [fwd] version 1.0 is out\n"
	"To: coyote@ACME.Example.COM\n"
	"X-Regex: a.b*c(d)[e]{2}|^f$+?\\\n"
	"\n";

/* The value of the modifiers' examples; each row is what a string must be in the end. */
static const struct sieve_case values[] = {
	{ "plain", "set \"b\" \"${a}\";", "juMBlEd lETteRS" },
	{ ":length", "set :length \"b\" \"${a}\";", "15" },
	{ ":lower", "set :lower \"b\" \"${a}\";", "jumbled letters" },
	{ ":upper", "set :upper \"b\" \"${a}\";", "JUMBLED LETTERS" },
	{ ":upperfirst", "set :upperfirst \"b\" \"${a}\";", "JuMBlEd lETteRS" },
	{ ":upperfirst :lower", "set :upperfirst :lower \"b\" \"${a}\";", "Jumbled letters" },
	{ ":lowerfirst :upper", "set :lowerfirst :upper \"b\" \"${a}\";", "jUMBLED LETTERS" },
	{ ":LOWER", "set :LOWER \"b\" \"${a}\";", "jumbled letters" },
	{ ":upperfirst of no letter", "set :upperfirst \"b\" \" a\";", " a" },
	{ ":upper is ASCII", "set :upper \"b\" \"\u00e4a\";", "\u00e4A" },
	{ ":length in characters", "set :length \"b\" \"\u00e4\u20ac\U0001f600\";", "3" },
	{ ":length of nothing", "set :length \"b\" \"\";", "0" },
	{ ":quotewildcard", "set :quotewildcard \"b\" \"Rock*\";", "Rock\\\\*" },
	{ ":quotewildcard, all three", "set :quotewildcard \"b\" \"*?\\\\\";", "\\\\*\\\\?\\\\\\\\" },
	{ ":length behind :quotewildcard", "set :length :quotewildcard \"b\" \"Rock*\";", "6" },
	{ ":quoteregex", "set :quoteregex \"b\" \"a.b\";", "a\\\\.b" },
	{ ":quoteregex, all", "set :quoteregex \"b\" \"\\\\^$.[]|()?*+{}\";",
		"\\\\\\\\\\\\^\\\\$\\\\.\\\\[\\\\]\\\\|\\\\(\\\\)\\\\?\\\\*\\\\+\\\\{\\\\}" },
	{ ":quoteregex behind :upper", "set :quoteregex :upper \"b\" \"a.b\";", "A\\\\.B" },
	{ "names in any case", "set \"B\" \"${A}\";", "juMBlEd lETteRS" },
	{ "in its own value", "set \"b\" \"1\"; set \"b\" \"${b}2${b}\";", "121" },
	{ "not expanded twice", "set \"d\" \"$\"; set \"b\" \"${d}{a}\";", "${unset}${d}{a}" },
	{ "unknown", "set \"b\" \"<${never}>\";", "<>" },
	{ "no reference", "set \"b\" \"$a ${} ${a-b} ${a ${$\";", "$a ${} ${a-b} ${a ${$" },
};

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(values); i++) {
		const struct sieve_case row = { values[i].label, NULL, SIEVE_TRUE };
		AUTO_BUF script = { 0 };

		buf_addf(&script, "%sset \"a\" \"juMBlEd lETteRS\"; %s if string :comparator "
			"\"i;octet\" \"${b}\" \"%s\" { keep; } else { set \"c\" \"\"; discard; }",
			REQUIRE, values[i].script, values[i].actions);
		sieve_case_check_message(&row, script.ptr, message);
	}
}

static const struct sieve_case runs[] = {
	/* section 3.2 */
	{ "a list", "if header :matches \"List-ID\" \"*<*@*\" { fileinto \"lists/${2}\"; }",
		"fileinto \"lists/users\";" },
	{ "as little as it can", "if header :matches \"Subject\" \"[*] *\" { fileinto \"${1}\"; "
		"fileinto \"${2}\"; }",
		"fileinto \"acme-users\";fileinto \"[fwd] version 1.0 is out\";" },
	{ "two stars", "if address :matches [\"To\", \"Cc\"] [\"coyote@**.com\", \"wile@**.com\"] "
		"{ fileinto \"${0}<${1}>${2}\"; }",
		"fileinto \"coyote@ACME.Example.COM<>ACME.Example\";" },
	{ "not evaluated, not set", "if anyof (true, address :domain :matches \"To\" \"*.com\") "
		"{ fileinto \"<${1}>\"; }", "fileinto \"<>\";" },
	{ "leading zeros", "if header :matches \"Subject\" \"[*] *\" { fileinto \"${0001}\"; }",
		"fileinto \"acme-users\";" },
	{ "out of range", "if header :matches \"Subject\" \"[*] *\" { fileinto \"<${3}${99}>\"; }",
		"fileinto \"<>\";" },
	{ "a match that fails changes nothing", "if header :matches \"Subject\" \"[*] *\" { if "
		"header :matches \"To\" \"x*\" {} fileinto \"${1}\"; }", "fileinto \"acme-users\";" },
	{ "the inner match stays", "if header :matches \"Subject\" \"[*] *\" { if address "
		":matches \"To\" \"*@*\" {} fileinto \"${1}\"; }", "fileinto \"coyote\";" },
	{ ":is leaves them", "if header :matches \"Subject\" \"[*] *\" { if header :contains "
		"\"To\" \"coyote\" { fileinto \"${1}\"; } }", "fileinto \"acme-users\";" },
	{ "not sets them, too", "if not header :matches \"Subject\" \"[*] *\" { discard; } "
		"else { fileinto \"${1}\"; }", "fileinto \"acme-users\";" },
	{ "used by the next test of a list", "if allof (header :matches \"Subject\" \"[*-*\", "
		"header :contains \"To\" \"${1}\") { fileinto \"both\"; }", "fileinto \"both\";" },
	/* regex */
	{ "groups", "if header :regex \"Subject\" \"\\\\[([a-z]+)-([a-z]+)\\\\]\" { fileinto "
		"\"${2}/${1}\"; }", "fileinto \"users/acme\";" },
	{ "what matched, not all of the value", "if header :regex \"Subject\" \"version [0-9]\" { "
		"fileinto \"${0}\"; }", "fileinto \"version 1\";" },
	{ "a group that took no part", "if header :regex \"To\" \"(wile)|(coyote)|(x)\" { fileinto "
		"\"<${1}><${2}><${3}>\"; }", "fileinto \"<><coyote><>\";" },
	{ "an empty group", "if header :regex \"To\" \"()coyote\" { fileinto \"<${1}>\"; }",
		"fileinto \"<>\";" },
	{ "a group in a group", "if header :regex \"To\" \"((coy)ote)@\" { fileinto \"${1}/${2}\"; "
		"}", "fileinto \"coyote/coy\";" },
	{ ":quoteregex matches itself", "if header :matches \"X-Regex\" \"*\" { set :quoteregex "
		"\"q\" \"${1}\"; } if header :regex \"X-Regex\" \"^${q}$\" { fileinto \"same\"; }",
		"fileinto \"same\";" },
	{ ":quotewildcard matches itself", "if header :matches \"X-Regex\" \"*\" { set "
		":quotewildcard \"q\" \"${1}\"; } if header :matches \"X-Regex\" \"${q}\" { fileinto "
		"\"same\"; }", "fileinto \"same\";" },
};

static void test_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(runs); i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, "%s%s", REQUIRE, runs[i].script);
		sieve_case_check_message(&runs[i], script.ptr, message);
	}
}

#define VARIABLES "require \"variables\"; "

static const struct sieve_case wrong[] = {
	{ ":lower and :upper", VARIABLES "set :lower :upper \"a\" \"b\";",
		"1:33 \":upper\" does not go with the tag before it" },
	{ ":lowerfirst and :upperfirst", VARIABLES "set :lowerfirst :upperfirst \"a\" \"b\";",
		"1:38 \":upperfirst\" does not go with the tag before it" },
	{ ":quotewildcard and :quoteregex", "require [\"variables\", \"regex\"]; set "
		":quotewildcard :quoteregex \"a\" \"b\";",
		"1:52 \":quoteregex\" does not go with the tag before it" },
	{ ":quoteregex without regex", VARIABLES "set :quoteregex \"a\" \"b\";",
		"1:26 \":quoteregex\" expected require \"regex\" at the top" },
	{ "twice", VARIABLES "set :lower :lower \"a\" \"b\";", "1:33 \":lower\" stands twice" },
	{ "a match variable", VARIABLES "set \"1\" \"b\";",
		"1:26 \"1\" is no name of a variable, expected letters, digits and _" },
	{ "a name that is none", VARIABLES "set \"a-b\" \"b\";",
		"1:26 \"a-b\" is no name of a variable, expected letters, digits and _" },
	{ "a name with variables", VARIABLES "set \"a${b}\" \"b\";",
		"1:26 expected a string without variables" },
	{ "an unknown namespace", VARIABLES "redirect \"${other.name}\";",
		"1:31 variable of an unknown namespace: ${other.name}" },
	{ "beyond the match variables", VARIABLES "redirect \"${100}\";",
		"1:31 match variable beyond ${99}: ${100}" },
	{ "without variables nothing is one", "if header \"a\" \"${other.name}\" {}", "" },
};

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(wrong, SIEVE_COUNT(wrong));
}

/* Section 6: cut, and no error; 128 variables, names of 32 letters. */
static void test_limits(void **state)
{
	const struct sieve_case row = { "limits", NULL, SIEVE_TRUE };
	AUTO_BUF script = { 0 };

	(void)state;
	buf_addf(&script, "%sset \"x\" \"0123456789\";", REQUIRE);
	for (int i = 0; i < 14; i++)
		buf_add_text(&script, "set \"x\" \"${x}${x}\";");
	buf_add_text(&script, "set :length \"x\" \"${x}\";");
	for (int i = 0; i < 128; i++)
		buf_addf(&script, "set \"a_name_of_thirty_two_letters_%03d\" \"%d\";", i, i);
	buf_addf(&script, "if string \"${x}\" \"%d\" { keep; } else { discard; }", VALUE_MAX);
	sieve_case_check_message(&row, script.ptr, message);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
