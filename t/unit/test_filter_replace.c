/*
 * replace and enclose (RFC 5703 sections 5 and 6): the messages that come of them.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define EDIT_MESSAGE \
	"From: a@b.org\nSubject: Hello\n world\nContent-Type: multipart/mixed; boundary=\"b\"\n" \
	"X: 1\nMIME-Version: 1.0\n\nprologue\n--b\nContent-Type: text/plain\n" \
	"Content-Disposition: inline\n\nfirst\n--b\nContent-Type: application/x\n\nsecond\n" \
	"--b--\nepilogue\n"
#define EDIT_REQUIRE \
	"require [\"replace\",\"enclose\",\"mime\",\"foreverypart\",\"editheader\",\"fileinto\"," \
	"\"variables\",\"copy\",\"body\"];\n"
#include "t/unit/edit_case.h"

#define KEEP "keep;:\n"
#define ORIGINAL EDIT_MESSAGE
#define HEAD \
	"From: a@b.org\nSubject: Hello\n world\nContent-Type: multipart/mixed; boundary=\"b\"\n" \
	"X: 1\nMIME-Version: 1.0\n\nprologue\n"
#define PLAIN7 "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit\n\n"

static void test_message(void **state)
{
	static const struct edit_case rows[] = {
		{ "all of it", "replace \"new\";", NULL,
			KEEP "From: a@b.org\nSubject: Hello\n world\nX: 1\nMIME-Version: 1.0\n" PLAIN7
			     "new\n" },
		{ ":subject and :from",
			"replace :subject \"Gr\303\274n\" :from \"J\303\266rg <j@x.org>\" \"new\";", NULL,
			KEEP "Original-From: a@b.org\nOriginal-Subject: Hello\n world\nX: 1\n"
			     "From: =?UTF-8?Q?J=C3=B6rg?= <j@x.org>\n"
			     "Subject: =?UTF-8?Q?Gr=C3=BCn?=\nMIME-Version: 1.0\n" PLAIN7 "new\n" },
		{ "what it was called is not removed",
			"replace :subject \"x\" \"new\"; deleteheader \"original-subject\"; "
			"deleteheader \"X\";", NULL,
			KEEP "From: a@b.org\nOriginal-Subject: Hello\n world\nSubject: x\n"
			     "MIME-Version: 1.0\n" PLAIN7 "new\n" },
		{ "unless the message came so", "deleteheader \"Original-Subject\";",
			"Original-Subject: x\nA: b\n\n", KEEP "A: b\n\n" },
		{ "not ASCII", "replace \"Gr\303\274n\";", "A: b\n\nc\n",
			KEEP "A: b\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
			     "Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BCn\n" },
		{ ":mime", "replace :mime \"Content-Type: text/html\n\n<b>x</b>\n\";", "A: b\n\nc\n",
			KEEP "A: b\nMIME-Version: 1.0\nContent-Type: text/html\n\n<b>x</b>\n" },
		{ "line ends, junk and no body", "replace \"x\";", "A: b\r\njunk\r\nC: d",
			KEEP "A: b\r\njunk\r\nC: d\r\nMIME-Version: 1.0\r\n"
			     "Content-Type: text/plain; charset=utf-8\r\n"
			     "Content-Transfer-Encoding: 7bit\r\n\r\nx\r\n" },
		{ "no header", "replace \"x\";", "no header\n",
			KEEP "MIME-Version: 1.0\n" PLAIN7 "x\n" },
		{ "tests see it", "replace \"new\"; if allof (body :contains \"new\", "
			"not body :raw :contains \"second\", header :contains \"content-type\" "
			"\"utf-8\", size :under 170) { discard; }", NULL, "discard;:\n" ORIGINAL },
		{ "actions before it", "fileinto :copy \"a\"; replace \"new\";", "A: b\n\nc\n",
			"fileinto \"a\";:\nA: b\n\nc\n"
			KEEP "A: b\nMIME-Version: 1.0\n" PLAIN7 "new\n" },
		{ "twice", "replace \"one\"; replace \"two\";", "A: b\n\nc\n",
			KEEP "A: b\nMIME-Version: 1.0\n" PLAIN7 "two\n" },
		{ "edited behind it", "replace \"one\"; addheader \"X\" \"1\"; fileinto :copy \"a\"; "
			"deleteheader \"A\";", "A: b\n\nc\n",
			"fileinto \"a\";:\nX: 1\nA: b\nMIME-Version: 1.0\n" PLAIN7 "one\n"
			KEEP "X: 1\nMIME-Version: 1.0\n" PLAIN7 "one\n" },
		{ "an error: as it came", "replace \"one\"; fileinto \"${0}\";", "A: b\n\nc\n",
			KEEP "A: b\n\nc\n!t.sieve:2: the name of the folder is empty" },
		{ ":from by a variable that is none",
			"set \"f\" \"nobody\"; replace :from \"${f}\" \"x\";", "A: b\n\nc\n",
			KEEP "A: b\n\nc\n!t.sieve:2: \"nobody\" is no list of addresses" },
	};

	(void)state;
	edit_case_check(rows, sizeof(rows) / sizeof(rows[0]));
}

#define EACH(type, what) \
	"foreverypart { if header :mime :contenttype \"content-type\" \"" type "\" { " what " } }"

static void test_parts(void **state)
{
	static const char nested[] =
		"A: b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
		"Content-Type: message/rfc822\n\nFrom: in@side\nContent-Type: text/html\n\n<p>\n"
		"--b\n\nlast";
	static const struct edit_case rows[] = {
		{ "one", EACH("text/plain", "replace \"new\";"), NULL,
			KEEP HEAD "--b\n" PLAIN7 "new\n--b\nContent-Type: application/x\n\nsecond\n"
				  "--b--\nepilogue\n" },
		{ "each", "foreverypart { if header :mime :subtype \"content-type\" [\"plain\", \"x\"] "
			"{ replace \"new\"; } }", NULL,
			KEEP HEAD "--b\n" PLAIN7 "new\n--b\n" PLAIN7 "new\n--b--\nepilogue\n" },
		{ ":mime", EACH("application/x",
			"replace :mime \"MIME-Version: 1.0\nContent-Type: text/html\n\n<b>\";"), NULL,
			KEEP HEAD "--b\nContent-Type: text/plain\nContent-Disposition: inline\n\n"
				  "first\n--b\nContent-Type: text/html\n\n<b>\n--b--\nepilogue\n" },
		{ "the message itself", EACH("multipart/mixed", "replace \"new\";"), NULL,
			KEEP "From: a@b.org\nSubject: Hello\n world\nX: 1\nMIME-Version: 1.0\n" PLAIN7
			     "new\n" },
		{ "no boundary comes in", EACH("text/plain", "replace \"a\n--b\nX: y\n\";"), NULL,
			KEEP HEAD "--b\nContent-Type: text/plain; charset=utf-8\n"
				  "Content-Transfer-Encoding: base64\n\nYQotLWIKWDogeQo=\n--b\n"
				  "Content-Type: application/x\n\nsecond\n--b--\nepilogue\n" },
		{ "nor in an entity", EACH("text/plain",
			"replace :mime \"Content-Type: text/html\n\na\n--b--\";"), NULL,
			KEEP ORIGINAL "!t.sieve:2: a line of the MIME entity would end the multipart that it "
			"stands in" },
		{ "a message in it keeps its fields", EACH("text/html", "replace \"new\";"), nested,
			KEEP "A: b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
			     "Content-Type: message/rfc822\n\nFrom: in@side\nMIME-Version: 1.0\n" PLAIN7
			     "new\n--b\n\nlast" },
		{ "a whole attachment", EACH("message/rfc822", "replace \"gone\";"), nested,
			KEEP "A: b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" PLAIN7
			     "gone\n--b\n\nlast" },
		{ "what is gone is not visited",
			"foreverypart { set \"n\" \"${n}.\"; if header :mime :contenttype "
			"\"content-type\" \"multipart/mixed\" { replace \"x\"; } } "
			"addheader \"N\" \"${n}\";", "A: b\nContent-Type: multipart/mixed; boundary=b\n\n"
			"--b\n\none\n--b\n\ntwo\n--b--\n",
			KEEP "N: .\nA: b\nMIME-Version: 1.0\n" PLAIN7 "x\n" },
		{ "the last part, without an end", "foreverypart { if not header :mime :type "
			"\"content-type\" \"multipart\" { replace \"x\"; } }",
			"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none",
			KEEP "Content-Type: multipart/mixed; boundary=b\n\n--b\n" PLAIN7 "x\n" },
	};

	(void)state;
	edit_case_check(rows, sizeof(rows) / sizeof(rows[0]));
}

/* Its Date, Message-ID and boundary differ: what they stand in is looked at in pieces. */
static void test_enclosing(void **state)
{
	static const struct {
		const char *label;
		const char *script;
		const char *message;
		const char *wanted[6];
		const char *unwanted;
	} rows[] = {
		{ "all of it", "enclose \"See below.\";", "From: a@b.org\nSubject: s\n\nbody",
			{ "keep;:\nFrom: a@b.org\nSubject: s\nDate: ",
				"MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"=_",
				"\nMessage-ID: <",
				"\"\n\n--=_", "\n" PLAIN7 "See below.\n\n--=_",
				"\nContent-Type: message/rfc822\n\nFrom: a@b.org\nSubject: s\n\nbody\n--=_" },
			"8bit" },
		{ ":subject and :headers", "enclose :subject \"\303\244\" :headers [\"Date\", \"From\", "
			"\"received\", \"Content-Type\", \"Message-ID\"] \"t\";",
			"Received: r\nFrom: a@b.org\nDate: d\nSubject: s\nContent-Type: x/y\nReceived: q\n"
			"\n\377",
			{ "keep;:\nDate: d\nFrom: a@b.org\nReceived: r\nReceived: q\nSubject: "
			  "=?UTF-8?B?w6Q=?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed;",
				"\nContent-Transfer-Encoding: 8bit\n\n--",
				"Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n"
				"Received: r\nFrom: a@b.org\nDate: d\nSubject: s\n", "Content-Type: x/y",
				"\n\n\377\n--=_" }, "Message-ID" },
		{ "a redirect goes without", "enclose \"t\"; addheader \"X\" \"1\"; redirect :copy "
			"\"a@b.org\";", "A: b\n\nbody",
			{ "redirect \"a@b.org\";:\nA: b\n\nbodykeep;:\nX: 1\nDate: ",
				"rfc822\n\nA: b\n\nbody\n--" }, NULL },
		{ "a redirect goes with what was edited before", "addheader \"Y\" \"1\"; enclose \"t\"; "
			"enclose \"u\"; redirect \"a@b.org\";", "A: b\n\nbody",
			{ "redirect \"a@b.org\";:\nY: 1\nA: b\n\nbody" }, "rfc822" },
		{ "twice", "enclose \"one\"; enclose \"two\";", "A: b\n\nbody",
			{ "two\n\n--", "rfc822\n\nDate: ", "one\n\n--", "rfc822\n\nA: b\n\nbody\n--" }, NULL },
		{ "tests see it", "enclose \"one\"; if header :contains \"content-type\" \"mixed\" "
			"{ discard; }", "A: b\n\nbody", { "discard;" }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF got = { 0 };

		edit_case_decide(rows[i].script, slice_text(rows[i].message), &got);
		for (size_t k = 0; k < 6 && rows[i].wanted[k]; k++) {
			if (!strstr(buf_text(&got), rows[i].wanted[k]))
				fail_msg("%s: no <%s> in\n%s", rows[i].label, rows[i].wanted[k],
					buf_text(&got));
		}
		if (rows[i].unwanted && strstr(buf_text(&got), rows[i].unwanted))
			fail_msg("%s: <%s> in\n%s", rows[i].label, rows[i].unwanted, buf_text(&got));
	}
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *script;
		const char *problem;
	} rows[] = {
		{ "replace;", "expected a string" },
		{ "replace [\"a\"];", "expected one string" },
		{ "replace :mime :subject \"a\" \"Content-Type: x/y\n\nb\";", "do not go with" },
		{ "replace :mime :from \"a@b.org\" \"Content-Type: x/y\n\nb\";", "do not go with" },
		{ "replace :mime \"Subject: x\n\nb\";", "is no MIME field" },
		{ "replace :from \"nobody\" \"x\";", "expected addresses" },
		{ "replace :from \"g: a@b.org;\" \"x\";", "expected addresses" },
		{ "replace :from \"\" \"x\";", "expected addresses" },
		{ "enclose;", "expected a string" },
		{ "enclose :headers \"a b\" \"x\";", "is no name of a header field" },
		{ "enclose :mime \"x\";", "knows no \":mime\"" },
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
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_enclosing),
		cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
