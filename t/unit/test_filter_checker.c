/*
 * What is wrong with a script, and where: RFC 5228 2.6 to 3.2 and the extensions' own rules.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/language/compile.h"

#define NAME "expected letters, digits and _"

static const struct {
	const char *label;
	const char *script;
	const char *problems; /* "line:column text|..."; empty: none */
} rows[] = {
	{ "nothing", "", "" },
	{ "require", "require [\"fileinto\", \"comparator-i;octet\"]; require \"copy\";", "" },
	{ "unknown capability", "require \"fileinfo\";",
		"1:9 unknown capability \"fileinfo\", expected perhaps \"fileinto\"" },
	{ "capabilities mind case", "require \"FILEINTO\";",
		"1:9 unknown capability \"FILEINTO\", expected perhaps \"fileinto\"" },
	{ "require too late", "keep; require \"copy\";",
		"1:7 \"require\" stands behind another command, expected it at the top" },
	{ "require in a block", "if true { require \"copy\"; }",
		"1:11 \"require\" stands behind another command, expected it at the top" },
	{ "missing require", "fileinto \"a\";", "1:1 \"fileinto\" expected require \"fileinto\" "
		"at the top" },
	{ "missing require of a tag", "redirect :copy \"a@b.c\";",
		"1:10 \":copy\" expected require \"copy\" at the top" },
	{ "missing require of a match type", "if header :regex \"a\" \"b\" {}",
		"1:11 \":regex\" expected require \"regex\" at the top" },
	{ "missing require of a comparator", "if header :comparator \"i;ascii-numeric\" \"a\" "
		"\"b\" {}",
		"1:11 this comparator expected require \"comparator-i;ascii-numeric\" at the top" },
	{ "unknown command", "kepe;", "1:1 unknown command \"kepe\", expected perhaps \"keep\"" },
	{ "unknown test", "if heder \"a\" \"b\" {}", "1:4 unknown test \"heder\", expected "
		"perhaps \"header\"" },
	{ "far from any", "abracadabra;", "1:1 unknown command \"abracadabra\", expected one of "
		"mailrail-sieve(5)" },
	{ "test as command", "true;", "1:1 \"true\" is a test, expected a command" },
	{ "command as test", "if keep {}", "1:4 \"keep\" is a command, expected a test" },
	{ "words in any case", "IF NOT True { KEEP; } Else { Stop; }", "" },
	{ "else alone", "else { }", "1:1 \"else\" expected an \"if\" or \"elsif\" before it" },
	{ "elsif behind else", "if true {} else {} elsif true {}",
		"1:20 \"elsif\" expected an \"if\" or \"elsif\" before it" },
	{ "else behind another command", "if true {} keep; else {}",
		"1:18 \"else\" expected an \"if\" or \"elsif\" before it" },
	{ "if without test", "if {}", "1:1 \"if\" expected one test, without parentheses" },
	{ "if with a list", "if (true) {}", "1:1 \"if\" expected one test, without parentheses" },
	{ "not with a list", "if not (true) {}", "1:4 \"not\" expected one test, without "
		"parentheses" },
	{ "allof without list", "if allof true {}", "1:4 \"allof\" expected tests in parentheses" },
	{ "block behind keep", "keep { }", "1:1 \"keep\" takes no block, expected \";\"" },
	{ "if without block", "if true;", "1:1 \"if\" expected a block: { ... }" },
	{ "missing semicolon", "keep\ndiscard;", "2:1 unexpected \"discard\", expected \";\" "
		"behind \"keep\"" },
	{ "argument too many", "keep \"a\";", "1:1 \"keep\" expected no argument" },
	{ "argument missing", "if header \"a\" {}", "1:4 \"header\" expected a list of strings, "
		"a list of strings" },
	{ "number for a string", "if header \"a\" 5 {}",
		"1:15 unexpected number, expected a string" },
	{ "string for a number", "if size :over \"5\" {}", "1:15 expected a number" },
	{ "list for a string", "redirect [\"a@b.c\"];", "1:10 expected one string, no list" },
	{ "unknown tag", "keep :loud;", "1:6 \"keep\" knows no \":loud\", expected :flags" },
	{ "tag behind an argument", "if header \"a\" :is \"b\" {}",
		"1:4 \"header\" expected a list of strings, a list of strings" },
	{ "tag at the end", "if header \"a\" :is {}", "1:15 \":is\" stands behind other "
		"arguments, expected it before them" },
	{ "two match types", "if header :is :contains \"a\" \"b\" {}",
		"1:15 second match type \":contains\", expected only one" },
	{ "two comparators", "if header :comparator \"i;octet\" :comparator \"i;octet\" \"a\" "
		"\"b\" {}", "1:33 second comparator \":comparator\", expected only one" },
	{ "two parts", "if address :all :domain \"from\" \"b\" {}",
		"1:17 second address part \":domain\", expected only one" },
	{ "a part where none is", "if header :domain \"from\" \"b\" {}",
		"1:11 \"header\" knows no \":domain\", expected :is, :contains, :matches, "
		":regex, :count, :value, :list, :comparator, :index, :last, :mime, "
		":anychild, :type, :subtype, :contenttype, :param" },
	{ "unknown comparator", "if header :comparator \"i;klingon\" \"a\" \"b\" {}",
		"1:11 unknown comparator \"i;klingon\", expected \"i;ascii-casemap\", "
		"\"i;octet\", \"i;ascii-numeric\" or \"i;unicode-casemap\"" },
	{ "comparator without value", "if header :comparator :is \"a\" \"b\" {}",
		"1:11 expected a string behind \":comparator\"" },
	{ "numeric :contains", "require \"comparator-i;ascii-numeric\"; if header :contains "
		":comparator \"i;ascii-numeric\" \"a\" \"b\" {}",
		"1:42 comparator \"i;ascii-numeric\" compares whole values, expected :is, :value "
			"or :count" },
	{ "unknown relation", "require \"relational\"; if header :count \"more\" \"a\" \"b\" {}",
		"1:33 unknown relation \"more\", expected gt, ge, lt, le, eq or ne" },
	{ "size of neither", "if size 10 {}", "1:4 \"size\" expected \":over\" or \":under\"" },
	{ "size of both", "if size :over :under 10 {}",
		"1:15 \":under\" does not go with the tag before it" },
	{ "no name of a field, RFC 5228 2.4.2.2", "if anyof (exists \"From:\", header \"a b\" \"\", "
		"address \"To:\" \"\") {}", "" },
	{ "address of a field without", "if address \"subject\" \"x\" {}",
		"1:12 \"subject\" is no field of addresses, expected From, To, ...; or the test "
		"\"header\"" },
	{ "envelope part", "require \"envelope\"; if envelope \"helo\" \"x\" {}",
		"1:33 unknown part of the envelope \"helo\", expected \"from\", \"to\", "
		"\"orig_to\" or \"auth\"" },
	{ "redirect to nobody", "redirect \"a@b@c\";", "1:10 \"a@b@c\" is not one address, "
		"expected name@domain" },
	{ "redirect without domain", "redirect \"alice\";",
		"1:10 \"alice\" is not one address, expected name@domain" },
	{ "redirect to a group", "redirect \"g: a@b.c;\";",
		"1:10 \"g: a@b.c;\" is not one address, expected name@domain" },
	{ "redirect by a route", "redirect \"<@x.y:a@b.c>\";",
		"1:10 \"<@x.y:a@b.c>\" is not one address, expected name@domain" },
	{ "empty folder", "require \"fileinto\"; fileinto \"\";",
		"1:30 the name of the folder is empty" },
	{ "bad regex", "require \"regex\"; if header :regex \"a\" [\"x\", \"(\"] {}",
		"1:45 bad regular expression at byte 2: missing closing parenthesis" },
	{ "bad character", "require \"encoded-character\"; redirect \"${unicode:DF01}\";",
		"1:39 no such Unicode character, expected 0 to D7FF or E000 to 10FFFF" },
	{ "not the extension, not its error", "if header \"a\" \"${unicode:DF01}\" {}", "" },
	{ "set of a number", "require \"variables\"; set \"1\" \"x\";",
		"1:26 \"1\" is no name of a variable, " NAME },
	{ "set of a namespace", "require \"variables\"; set \"a.b\" \"x\";",
		"1:26 \"a.b\" is no name of a variable, " NAME },
	{ "set of a variable name", "require \"variables\"; set \"${a}\" \"x\";",
		"1:26 expected a string without variables" },
	{ "two modifiers of one rank", "require \"variables\"; set :lower :upper \"a\" \"x\";",
		"1:33 \":upper\" does not go with the tag before it" },
	{ "unknown modifier", "require \"variables\"; set :shout \"a\" \"x\";",
		"1:26 \"set\" knows no \":shout\", expected :lower, :upper, :lowerfirst, "
		":upperfirst, :quotewildcard, :quoteregex, :encodeurl, :length" },
	{ "unknown namespace", "require [\"variables\", \"fileinto\"]; fileinto \"${env.x}\";",
		"1:45 variable of an unknown namespace: ${env.x}" },
	{ "match variable too high", "require [\"variables\", \"fileinto\"]; fileinto "
		"\"${100}\";", "1:45 match variable beyond ${99}: ${100}" },
	{ "flag variable without variables", "require \"imap4flags\"; setflag \"a\" \"b\";",
		"1:31 the name of a variable expected require \"variables\" at the top" },
	{ "hasflag variable without variables", "require \"imap4flags\"; if hasflag \"a\" \"b\" "
		"{}", "1:34 the name of a variable expected require \"variables\" at the top" },
	{ "several at once", "foo;\n\nif bar {}\nkeep \"x\";",
		"1:1 unknown command \"foo\", expected one of mailrail-sieve(5)|3:4 unknown test "
		"\"bar\", expected one of mailrail-sieve(5)|4:1 \"keep\" expected no argument" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF source = { 0 };
		AUTO_BUF got = { 0 };
		struct script *script;

		buf_add_text(&source, rows[i].script);
		script = script_compile("dir/r.sieve", &source);
		assert_string_equal(script->label, "r.sieve");
		for (size_t p = 0; p < script->problems.count; p++)
			buf_addf(&got, "%s%u:%u %s", p ? "|" : "", script->problems.at[p].line,
				script->problems.at[p].column, script->problems.at[p].text);
		script_free(script);
		if (strcmp(buf_text(&got), rows[i].problems) != 0)
			fail_msg("%s: got <%s>", rows[i].label, buf_text(&got));
	}
}

/* Complaints have a limit, variables too. */
static void test_many(void **state)
{
	AUTO_BUF source = { 0 };
	struct script *script;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_add_text(&source, "foo;\n");
	script = script_compile("r.sieve", &source);
	assert_int_equal(script->problems.count, PROBLEM_MAX);
	script_free(script);
	buf_clear(&source);
	buf_add_text(&source, "require \"variables\";");
	for (int i = 0; i < 1025; i++)
		buf_addf(&source, "set \"v%d\" \"x\";", i);
	script = script_compile("r.sieve", &source);
	assert_int_equal(script->problems.count, 1);
	script_free(script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
