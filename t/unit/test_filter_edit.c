/*
 * editheader (RFC 5293): what rules make of a message, and which state an action is for.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define EDIT_MESSAGE "A: 1\nB: 2\nB: three\nB: 4\n\nbody\n"
#define EDIT_REQUIRE \
	"require [\"editheader\",\"fileinto\",\"variables\",\"copy\",\"relational\",\"regex\",\"imap4flags\"," \
	"\"comparator-i;ascii-numeric\",\"encoded-character\",\"body\",\"envelope\"];\n"
#include "t/unit/edit_case.h"

#define KEEP "keep;:\n"
#define REST "A: 1\nB: 2\nB: three\nB: 4\n\nbody\n"

static void test_adding(void **state)
{
	static const struct edit_case rows[] = {
		{ "on top", "addheader \"X-Y\" \"z\";", NULL, KEEP "X-Y: z\n" REST },
		{ "at the end", "addheader :last \"X\" \"z\";", NULL,
			KEEP "A: 1\nB: 2\nB: three\nB: 4\nX: z\n\nbody\n" },
		{ "each above the one before", "addheader \"X\" \"1\"; addheader \"X\" \"2\";", NULL,
			KEEP "X: 2\nX: 1\n" REST },
		{ "trimmed", "addheader \"X\" \"  z \";", NULL, KEEP "X: z\n" REST },
		{ "empty", "addheader \"X\" \"\";", NULL, KEEP "X:\n" REST },
		{ "blanks and tabs stay", "addheader \"X\" \"a  b\tc\";", NULL,
			KEEP "X: a  b\tc\n" REST },
		{ "a line end begins no field", "addheader \"X\" \"a\r\nBcc: x\n y\n\";", NULL,
			KEEP "X: a Bcc: x y\n" REST },
		{ "CRLF as the message has it", "addheader \"X\" \"z\"; addheader :last \"Y\" \"z\";",
			"A: 1\r\n b\r\n\r\nbody\r\n",
			KEEP "X: z\r\nA: 1\r\n b\r\nY: z\r\n\r\nbody\r\n" },
		{ "behind a From_ line", "addheader \"X\" \"z\";", "From a b\nA: 1\n\nb",
			KEEP "From a b\nX: z\nA: 1\n\nb" },
		{ "a field From", "addheader \"X\" \"z\";", "From : a\n\nb",
			KEEP "X: z\nFrom : a\n\nb" },
		{ "all body", "addheader \"X\" \"z\";", "no header\nat all\n",
			KEEP "X: z\n\nno header\nat all\n" },
		{ "all body, at the end", "addheader :last \"X\" \"z\"; addheader \"Y\" \"z\";",
			"no header\n", KEEP "Y: z\nX: z\n\nno header\n" },
		{ "an empty header", "addheader \"X\" \"z\";", "\nbody",
			KEEP "X: z\n\nbody" },
		{ "an empty header, at the end", "addheader :last \"X\" \"z\";", "\nbody",
			KEEP "X: z\n\nbody" },
		{ "no body", "addheader :last \"X\" \"z\"; addheader \"Y\" \"z\";", "A: b",
			KEEP "Y: z\nA: b\nX: z\n" },
		{ "half of an empty line", "addheader :last \"X\" \"z\"; addheader \"Y\" \"z\";",
			"A: b\n\r", KEEP "Y: z\nA: b\nX: z\n\r" },
		{ "malformed lines stay", "addheader :last \"X\" \"z\";",
			"A: \377\nno field\n\tmore\nC : 1 \r\n\nb",
			KEEP "A: \377\nno field\n\tmore\nC : 1 \r\nX: z\n\nb" },
		{ "not ASCII", "addheader \"Subject\" \"Gr\303\274\303\237e an alle\";", NULL,
			KEEP "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= an alle\n" REST },
		{ "an address stays one", "addheader \"To\" \"J\303\266rg M\303\274ller <j@m>\";",
			NULL, KEEP "To: =?UTF-8?Q?J=C3=B6rg_M=C3=BCller?= <j@m>\n" REST },
		{ "looks like an encoded word", "addheader \"X\" \"=?utf-8?q?a?=\";", NULL,
			KEEP "X: =?UTF-8?Q?=3D=3Futf-8=3Fq=3Fa=3F=3D?=\n" REST },
		{ "NUL and controls", "addheader \"X\" \"a${hex:00 07}b\";", NULL,
			KEEP "X: =?UTF-8?B?Ye+/vQdi?=\n" REST },
		{ "folded",
			"addheader \"X\" \"aaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb "
			"cccccccccccccccccccccccccc dd\";",
			NULL,
			KEEP "X: aaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n "
			     "cccccccccccccccccccccccccc dd\n" REST },
		{ "no name, by a variable", "set \"n\" \"a b\"; addheader \"X\" \"1\"; "
			"addheader \"${n}\" \"1\";", NULL,
			KEEP REST "!t.sieve:2: \"a b\" is no name of a header field" },
	};

	(void)state;
	edit_case_check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_deleting(void **state)
{
	static const struct edit_case rows[] = {
		{ "all of a name, whatever its case", "deleteheader \"b\";", NULL,
			KEEP "A: 1\n\nbody\n" },
		{ "the last field", "deleteheader \"a\"; deleteheader \"b\";", NULL,
			KEEP "\nbody\n" },
		{ "none", "deleteheader \"C\"; deleteheader \"B\" \"5\";", NULL, KEEP REST },
		{ "one", "deleteheader :index 2 \"B\";", NULL, KEEP "A: 1\nB: 2\nB: 4\n\nbody\n" },
		{ "the last", "deleteheader :last :index 1 \"B\";", NULL,
			KEEP "A: 1\nB: 2\nB: three\n\nbody\n" },
		{ "the last but three", "deleteheader :index 4 :last \"B\";", NULL, KEEP REST },
		{ "RFC 5293 section 7: first and third",
			"deleteheader :index 1 \"B\"; deleteheader :index 2 \"B\";", NULL,
			KEEP "A: 1\nB: three\n\nbody\n" },
		{ "RFC 5293 section 7: nothing",
			"addheader \"X-Hello\" \"World\"; deleteheader :index 1 \"X-Hello\";", NULL,
			KEEP REST },
		{ "a line that is no field would be the first", "deleteheader \"A\";",
			"A: 1\njunk\nB: 2\n\nbody\n",
			KEEP "A: 1\njunk\nB: 2\n\nbody\n!t.sieve:2: the header that is left "
			     "begins with no field" },
		{ "by a value", "deleteheader \"B\" [\"4\", \"2\", \"x\"];", NULL,
			KEEP "A: 1\nB: three\n\nbody\n" },
		{ ":contains", "deleteheader :contains \"B\" \"HRE\";", NULL,
			KEEP "A: 1\nB: 2\nB: 4\n\nbody\n" },
		{ "comparator", "deleteheader :contains :comparator \"i;octet\" \"B\" \"HRE\";", NULL,
			KEEP REST },
		{ ":matches and its variables",
			"deleteheader :matches \"B\" \"t*ee\"; addheader \"X\" \"${1}\";", NULL,
			KEEP "X: hr\nA: 1\nB: 2\nB: 4\n\nbody\n" },
		{ ":regex", "deleteheader :regex \"B\" \"^[0-9]$\";", NULL,
			KEEP "A: 1\nB: three\n\nbody\n" },
		{ ":value", "deleteheader :value \"ge\" :comparator \"i;ascii-numeric\" \"B\" \"3\";",
			NULL, KEEP "A: 1\nB: 2\n\nbody\n" },
		{ "counted before values are looked at",
			"deleteheader :index 1 :contains \"B\" \"three\";", NULL, KEEP REST },
		{ "match type without values", "deleteheader :count \"eq\" \"B\"; "
			"deleteheader :contains :comparator \"i;ascii-numeric\" \"A\";",
			NULL, KEEP "\nbody\n" },
		{ "protected", "deleteheader \"received\"; deleteheader \"AUTO-SUBMITTED\" \"x\"; "
			"deleteheader \"Subject\";",
			"Received: a\nAuto-Submitted: x\nSubject: s\n\n",
			KEEP "Received: a\nAuto-Submitted: x\n\n" },
		{ "decoded values", "deleteheader \"S\" \"Gr\303\274\303\237e\";",
			"S: =?iso-8859-1?q?Gr=FC=DFe?=\nT: u\n\n", KEEP "T: u\n\n" },
		{ "folded, junk and line ends stay", "deleteheader \"B\";",
			"A: 1\r\nB: 2\r\n more\r\njunk\nB : 3\nC: \0014\n\nb",
			KEEP "A: 1\r\njunk\nC: \0014\n\nb" },
		{ "without a line end", "deleteheader \"B\";", "A: 1\nB: 2", KEEP "A: 1\n" },
	};

	(void)state;
	edit_case_check(rows, sizeof(rows) / sizeof(rows[0]));
}

/* Which state of the message each action gets, and each test sees. */
static void test_states(void **state)
{
	static const struct edit_case rows[] = {
		{ "before and after", "fileinto :copy \"a\"; deleteheader \"b\"; fileinto \"b\";", NULL,
			"fileinto \"a\";:\n" REST "fileinto \"b\";:\nA: 1\n\nbody\n" },
		{ "three", "redirect :copy \"a@x.org\"; deleteheader \"b\"; fileinto :copy \"b\";"
			"deleteheader \"a\";", NULL,
			"redirect \"a@x.org\";:\n" REST "fileinto \"b\";:\nA: 1\n\nbody\n"
			"keep;:\n\nbody\n" },
		{ "several for one", "addheader \"X\" \"1\"; deleteheader \"b\"; fileinto :copy \"a\"; "
			"fileinto :copy \"b\";", NULL,
			"fileinto \"a\";fileinto \"b\";keep;:\nX: 1\nA: 1\n\nbody\n" },
		{ "a discard needs none", "addheader \"X\" \"1\"; discard;", NULL,
			"discard;:\n" REST },
		{ "RFC 5293 section 7: one keep, of the first",
			"keep; addheader \"X\" \"1\"; keep;", NULL, KEEP REST },
		{ "one folder, once", "fileinto \"a\"; addheader \"X\" \"1\"; fileinto \"a\";", NULL,
			"fileinto \"a\";:\n" REST },
		{ "one folder, the last flags", "fileinto \"a\"; addheader \"X\" \"1\"; "
			"fileinto :flags \"\\\\Seen\" \"a\";", NULL,
			"fileinto :flags \"\\\\Seen\" \"a\";:\n" REST },
		{ "the inbox is one folder", "fileinto \"INBOX\"; addheader \"X\" \"1\"; keep;", NULL,
			KEEP REST },
		{ "the inbox, the other way round", "keep; addheader \"X\" \"1\"; fileinto \"INBOX\";",
			NULL, KEEP REST },
		{ "the implicit keep comes at the end", "addflag \"\\\\Seen\"; addheader \"X\" \"1\";",
			NULL, "keep :flags \"\\\\Seen\";:\nX: 1\n" REST },
		{ "stop", "addheader \"X\" \"1\"; stop; addheader \"Y\" \"1\";", NULL,
			KEEP "X: 1\n" REST },
		{ "tests see it", "addheader \"X\" \"1\"; deleteheader \"A\"; if allof (header \"x\" \"1\", "
			"not exists \"a\", header :count \"eq\" :comparator \"i;ascii-numeric\" "
			"[\"a\", \"b\", \"x\"] \"4\") { discard; }", NULL, "discard;:\n" REST },
		{ "address sees it", "addheader \"From\" \"a@b.org\"; if address \"from\" \"a@b.org\" "
			"{ discard; }", NULL, "discard;:\n" REST },
		{ "envelope sees it", "addheader \"Return-Path\" \"<a@b.org>\"; "
			"if envelope \"from\" \"a@b.org\" { discard; }", NULL, "discard;:\n" REST },
		{ "size sees it", "addheader \"X\" \"1\"; if allof (size :over 34, size :under 36) "
			"{ discard; }", NULL, "discard;:\n" REST },
		{ "body sees it", "addheader \"Content-Transfer-Encoding\" \"base64\"; "
			"if allof (body :raw :is \"Ym9keQ==\", body :text :is \"body\") { discard; }",
			"A: 1\n\nYm9keQ==", "discard;:\nA: 1\n\nYm9keQ==" },
		{ "an error: as it came", "addheader \"X\" \"1\"; fileinto \"a\"; redirect \"${0}\";",
			NULL, KEEP REST "!t.sieve:2: \"\" is not one address, expected name@domain" },
		{ "the next file goes on with it",
			"addheader \"X\" \"1\";\n---\nif header \"x\" \"1\" { addheader \"Y\" \"2\"; }", NULL,
			KEEP "Y: 2\nX: 1\n" REST },
		{ "a keep means: go on", "keep;\n---\naddheader \"X\" \"1\";", NULL,
			KEEP "X: 1\n" REST },
		{ "a keep behind a keep", "keep;\n---\naddheader \"X\" \"1\"; keep;", NULL,
			KEEP "X: 1\n" REST },
		{ "an error drops the edits of its file only",
			"addheader \"X\" \"1\"; fileinto :copy \"a\";\n---\n"
			"deleteheader \"B\"; fileinto :copy \"b\"; redirect \"${0}\";",
			NULL,
			"fileinto \"a\";keep;:\nX: 1\n" REST
			"!t.sieve:2: \"\" is not one address, expected name@domain" },
		{ "an error, with an earlier keep", "keep; addheader \"X\" \"1\";\n---\n"
			"deleteheader \"B\"; redirect \"${0}\";", NULL, KEEP "X: 1\n" REST
			"!t.sieve:2: \"\" is not one address, expected name@domain" },
		{ "a file that does not compile", "addheader \"X\" \"1\";\n---\nkeep", NULL,
			KEEP "X: 1\n" REST "!broken" },
	};

	(void)state;
	edit_case_check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *script;
		const char *problem;
	} rows[] = {
		{ "addheader \"a b\" \"x\";", "is no name of a header field" },
		{ "addheader \"\" \"x\";", "is no name of a header field" },
		{ "addheader \"a:\" \"x\";", "is no name of a header field" },
		{ "addheader \"\303\274\" \"x\";", "is no name of a header field" },
		{ "deleteheader \"a:\";", "is no name of a header field" },
		{ "addheader \"a\";", "expected a string, a string" },
		{ "addheader :index 1 \"a\" \"b\";", "knows no \":index\"" },
		{ "addheader [\"a\"] \"b\";", "expected one string" },
		{ "deleteheader :last \"a\";", "\":last\" expected \":index\"" },
		{ "deleteheader :index 0 \"a\";", "counted from 1" },
		{ "deleteheader :index \"1\" \"a\";", "expected a number" },
		{ "deleteheader [\"a\", \"b\"];", "expected one string" },
		{ "deleteheader :count \"eq\" \"a\" \"1\";", "\":count\" chooses no field" },
		{ "deleteheader :contains :comparator \"i;ascii-numeric\" \"a\" \"1\";",
			"compares whole values" },
		{ "deleteheader;", "expected a string" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF source = { 0 };
		struct script *script;

		buf_addf(&source, "%s%s", EDIT_REQUIRE, rows[i].script);
		script = script_compile("t.sieve", &source);
		if (script->problems.count == 0 ||
			!strstr(script->problems.at[0].text, rows[i].problem))
			fail_msg("%s: %s", rows[i].script,
				script->problems.count ? script->problems.at[0].text : "no problem");
		script_free(script);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adding),
		cmocka_unit_test(test_deleting),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
