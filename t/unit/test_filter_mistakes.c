/*
 * Mistakes that people make in rule files: each is told at its place, with what to write.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

static const struct sieve_case rows[] = {
	{ "a missing semicolon",
		"require \"fileinto\";\nif header :contains \"Subject\" \"x\" {\n\tfileinto \"a\"\n}\n",
		"3:14 missing \";\" behind \"fileinto\"" },
	{ "a missing semicolon behind require",
		"require [\"fileinto\"]\nkeep;\n",
		"2:1 unexpected \"keep\", expected \";\" behind \"require\"" },
	{ "strings without brackets",
		"require \"fileinto\", \"copy\";\nkeep;\n",
		"1:19 unexpected \",\", expected brackets around several strings: [\"a\", \"b\"]" },
	{ "a capability misspelt",
		"require \"filinto\";\nkeep;\n",
		"1:9 unknown capability \"filinto\", expected perhaps \"fileinto\"" },
	{ "a test misspelt",
		"if hedaer :is \"a\" \"b\" { keep; }\n",
		"1:4 unknown test \"hedaer\", expected perhaps \"header\"" },
	{ "no block",
		"if header :is \"a\" \"b\"\n\tkeep;\n",
		"1:1 \"if\" expected a block: { ... }" },
	{ "a block that stays open",
		"if header :is \"a\" \"b\" { keep; \n",
		"2:1 unexpected end of the file, expected \"}\" for the block opened in line 1" },
	{ "a brace too many",
		"keep;\n}\n",
		"2:1 unexpected \"}\", expected a command" },
	{ "parentheses as in C",
		"if (header :is \"a\" \"b\") { keep; }\n",
		"1:1 \"if\" expected one test, without parentheses" },
	{ "and",
		"if header :is \"a\" \"b\" and header :is \"c\" \"d\" { keep; }\n",
		"1:23 unexpected \"and\", expected \"allof (TEST, TEST)\"" },
	{ "two bars",
		"if header :is \"a\" \"b\" || true { keep; }\n",
		"1:23 unexpected \"|\", expected \"anyof (TEST, TEST)\"" },
	{ "single quotes",
		"if header :is 'a' 'b' { keep; }\n",
		"1:15 unexpected \"'\", expected a text in double quotes" },
	{ "a match type without colon",
		"if header is \"a\" \"b\" { keep; }\n",
		"1:11 unexpected \"is\", expected \":is\"" },
	{ "a comma between arguments",
		"if header :is \"Subject\", \"b\" { keep; }\n",
		"1:24 unexpected \",\", expected brackets around several strings: [\"a\", \"b\"]" },
	{ "no comma in a list",
		"if header :is [\"a\", \"b\" \"c\"] \"b\" { keep; }\n",
		"1:25 unexpected a string, expected \",\" or \"]\" in the list of strings" },
	{ "a string that stays open",
		"fileinto \"unclosed;\nkeep;\n",
		"1:10 string without end, expected a closing quote" },
	{ "a comment that stays open",
		"/* open\nkeep;\n",
		"1:1 comment without end, expected \"*/\"" },
	{ "megabytes",
		"if size :over 10MB { discard; }\n",
		"1:15 bad number, expected digits and one of K, M, G" },
	{ "greater than",
		"if size > 10M { discard; }\n",
		"1:9 unexpected \">\", expected \":over\" for a size, \":value \"gt\"\" for a number" },
	{ "else if",
		"if true { keep; } else if false { discard; }\n",
		"1:24 unexpected \"if\", expected \"elsif\"" },
	{ "elsif alone",
		"elsif true { keep; }\n",
		"1:1 \"elsif\" expected an \"if\" or \"elsif\" before it" },
	{ "no semicolon at the end",
		"discard\n",
		"1:8 missing \";\" behind \"discard\"" },
	{ "a parenthesis that stays open",
		"if anyof(true, false { keep; }\n",
		"1:22 unexpected \"{\", expected \",\" or \")\" in the list of tests" },
	{ "a folder without quotes",
		"require \"fileinto\";\nfileinto INBOX.x;\n",
		"2:15 unexpected \".\", expected a text in double quotes" },
	{ "a tag misspelt",
		"if header :contain \"a\" \"b\" { keep; }\n",
		"1:11 \"header\" knows no \":contain\", expected perhaps \":contains\"" },
	{ "two parts of an address",
		"if address :is :domain :localpart \"from\" \"x\" { keep; }\n",
		"1:24 second address part \":localpart\", expected only one" },
	{ "require behind a command",
		"keep;\nrequire \"fileinto\";\n",
		"2:1 \"require\" stands behind another command, expected it at the top" },
	{ "an assignment",
		"require \"variables\";\nset \"x\" = \"y\";\n",
		"2:9 unexpected \"=\", expected no \"=\": set \"name\" \"value\";" },
	{ "allof without parentheses",
		"if allof { keep; }\n",
		"1:4 \"allof\" expected tests in parentheses" },
	{ "a match type without require",
		"if header :regex \"a\" \"b(\" { keep; }\n",
		"1:11 \":regex\" expected require \"regex\" at the top" },
	{ "a broken expression",
		"require \"regex\"; if header :regex \"a\" \"b(\" { keep; }\n",
		"1:39 bad regular expression at byte 3: missing closing parenthesis" },
	{ "a word of another language",
		"forward \"a@b\";\n",
		"1:1 unknown command \"forward\", expected \"redirect\"" },
	{ "two folders",
		"require \"fileinto\";\nfileinto \"a\", \"b\";\n",
		"2:13 unexpected \",\", expected brackets around several strings: [\"a\", \"b\"]" },
	{ "a text that is no command",
		"text:\nfoo\n.\n",
		"1:1 unexpected a string, expected a command" },
	{ "no address",
		"redirect \"not an address\";\n",
		"1:10 \"not an address\" is not one address, expected name@domain" },
	{ "typographic quotes",
		"\342\200\234keep\342\200\235;\n",
		"1:1 unexpected byte 0xe2 outside a string, expected a text in plain double quotes" },
};

static void test_rows(void **state)
{
	(void)state;
	sieve_case_check_refused(rows, sizeof(rows) / sizeof(rows[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
