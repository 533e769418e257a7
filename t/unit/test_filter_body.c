/*
 * The test `body` (RFC 5173): transforms, the example of section 5.2, long parts in pieces.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_case.h"

#define HEAD "require [\"body\", \"relational\", \"regex\", \"variables\", \"fileinto\"];\n"

/* RFC 5173 section 5.2 */
static const char nested[] =
	"From: Whomever\n"
	"To: Someone\n"
	"Date: Whenever\n"
	"Subject: whatever\n"
	"Content-Type: multipart/mixed; boundary=outer\n"
	"\n"
	"This is a multi-part message in MIME format.\n"
	"\n"
	"--outer\n"
	"Content-Type: multipart/alternative; boundary=inner\n"
	"\n"
	"This is a nested multi-part message in MIME format.\n"
	"\n"
	"--inner\n"
	"Content-Type: text/plain; charset=\"us-ascii\"\n"
	"\n"
	"Hello\n"
	"\n"
	"--inner\n"
	"Content-Type: text/html; charset=\"us-ascii\"\n"
	"\n"
	"<html><body>Hello</body></html>\n"
	"\n"
	"--inner--\n"
	"\n"
	"This is the end of the inner MIME multipart.\n"
	"\n"
	"--outer\n"
	"Content-Type: message/rfc822\n"
	"\n"
	"From: Someone Else\n"
	"Subject: hello request\n"
	"\n"
	"Please say Hello\n"
	"\n"
	"--outer--\n"
	"\n"
	"This is the end of the outer MIME multipart.\n";

static const char encoded[] =
	"Content-Type: multipart/mixed; boundary=b\n"
	"\n"
	"--b\n"
	"Content-Type: text/plain; charset=iso-8859-1\n"
	"Content-Transfer-Encoding: quoted-printable\n"
	"\n"
	"Gr=FC=DFe\n"
	"--b\n"
	"Content-Type: text/plain; charset=utf-8\n"
	"Content-Transfer-Encoding: base64\n"
	"\n"
	"R2VoZWltLCBzZWhyIGdlaGVpbQ==\n"
	"--b\n"
	"Content-Type: application/octet-stream\n"
	"Content-Transfer-Encoding: base64\n"
	"\n"
	"AABmb28AAA==\n"
	"--b--\n";

static const char html[] =
	"Content-Type: text/html; charset=iso-8859-15\n"
	"Content-Transfer-Encoding: quoted-printable\n"
	"\n"
	"<html><style>p { color: red }</style><script>if (a<b) alert('</p>')</script>\n"
	"<p class=3D\"x>y\">Buy\n v<b>ia</b>gra&nbsp;now &amp; save 5 =A4</p>\n"
	"<div>one<br>two</div><!-- no > text -->\n";

static const char unknown[] =
	"Content-Type: multipart/mixed; boundary=b\n"
	"\n"
	"--b\n"
	"Content-Type: text/plain; charset=x-none\n"
	"\n"
	"a needle \xff\n"
	"--b\n"
	"Content-Transfer-Encoding: x-none\n"
	"\n"
	"a=20b\n"
	"--b\n"
	"Content-Type: message/rfc822\n"
	"Content-Transfer-Encoding: base64\n"
	"\n"
	"VG86IGEKCng=\n"
	"--b--\n";

static const struct {
	const char *label;
	const char *message;
	const char *test;
	bool answer;
} rows[] = {
	{ "raw", nested, "body :raw :contains \"This is the end of the OUTER\"", true },
	{ "raw sees boundaries and part headers", nested, "body :raw :contains \"--inner--\"",
		true },
	{ "raw does not see the header", nested, "body :raw :contains \"Whomever\"", false },
	{ "raw does not decode", encoded, "body :raw :contains \"Geheim\"", false },
	{ "raw over line ends", nested, "body :raw :contains \"Please say Hello\n\n--outer--\"",
		true },
	{ "the marks &", nested, "body :content \"multipart\" :contains \"MIME\"", true },
	{ "& is not $", nested, "body :content \"multipart\" :contains \"Hello\"", false },
	{ "prologue alone", nested, "body :content \"multipart/mixed\" :matches \"This is a "
		"multi-part*\"", true },
	{ "epilogue alone", nested, "body :content \"multipart/mixed\" :matches \"*end of the "
		"outer*\"", true },
	{ "not both as one", nested, "body :content \"multipart/mixed\" :matches "
		"\"*multi-part*outer*\"", false },
	{ "the marks $", nested, "body :content \"text/plain\" :matches \"Hello*\"", true },
	{ "$ in the nested message", nested, "body :content \"text/plain\" :contains \"say "
		"hello\"", true },
	{ "the marks %", nested, "body :content \"text/html\" :contains \"<body>Hello\"", true },
	{ "type only", nested, "body :content \"TEXT\" :contains \"<html>\"", true },
	{ "the marks !", nested, "body :content \"message/rfc822\" :contains \"Subject: Hello\"",
		true },
	{ "! is not its body", nested, "body :content \"message/rfc822\" :contains \"Please\"",
		false },
	{ "all types", nested, "body :content \"\" :contains \"<html>\"", true },
	{ "stray slashes match nothing", nested, "body :content [\"text/\", \"/plain\", "
		"\"text/plain/x\", \"/\"] :contains \"\"", false },
	{ "existence of a type", nested, "body :content \"text/html\" :contains \"\"", true },
	{ "no such type", nested, "body :content \"audio/mp3\" :contains \"\"", false },
	{ ":text is the default", nested, "body :contains \"Hello\"", true },
	{ ":text of text only", nested, "body :text :contains \"MIME\"", false },
	{ "quoted-printable and charset", encoded, "body :contains \"gr\xc3\xbc\xc3\x9f" "e\"",
		true },
	{ "base64", encoded, "body :contains \"sehr geheim\"", true },
	{ "NUL does not end it", encoded, "body :content \"application\" :contains \"foo\"", true },
	{ ":is", encoded, "body :is \"geheim, SEHR geheim\"", true },
	{ ":is of the whole", encoded, "body :is \"geheim\"", false },
	{ "octet", encoded, "body :comparator \"i;octet\" :contains \"geheim\"", true },
	{ "octet minds case", encoded, "body :comparator \"i;octet\" :contains \"SEHR\"", false },
	{ "regex", encoded, "body :regex \"^geheim, .* geheim$\"", true },
	{ "count of parts", encoded, "body :count \"eq\" \"2\"", true },
	{ "keys never match across parts", encoded, "body :contains \"e\nGeheim\"", false },
	{ "a body of none", "Subject: x\n\n", "body :raw :is \"\"", true },
	{ "no body at all", "Subject: x\n", "body :raw :contains \"x\"", false },
	{ "no body: not even nothing", "Subject: x\n", "body :raw :contains \"\"", false },
	{ "no body: no text", "Subject: x\n", "body :contains \"\"", false },
	{ "no body: no content", "Subject: x\n", "body :content \"\" :contains \"\"", false },
	{ "no body: none is counted", "Subject: x\n", "body :count \"ge\" \"1\"", false },
	{ "an empty body is text", "Subject: x\n\n", "body :is \"\"", true },
	{ "no header: all is body", "one\ntwo", "body :raw :is \"one\ntwo\"", true },
	{ ":text has no mark-up", nested, "body :text :contains \"<body>\"", false },
	{ ":text of HTML", html, "body :text :contains \"buy viagra now & save 5 \xe2\x82\xac\"", true },
	{ ":text: blocks are lines", html, "body :text :contains \"one\ntwo\"", true },
	{ ":text: no script", html, "body :text :contains \"alert\"", false },
	{ ":content has mark-up", html, "body :content \"text/html\" :contains \"v<b>ia\"", true },
	{ "an unknown charset is looked at", unknown, "body :contains \"needle\"", true },
	{ "an unknown encoding is looked at", unknown, "body :contains \"a=20b\"", true },
	{ "a message in base64 is no message", unknown, "body :content \"message/rfc822\" "
		":contains \"To: a\"", true },
	{ "a multipart without boundary is text of its own", "Content-Type: multipart/mixed\n\n"
		"--b\n\nx", "body :content \"multipart\" :is \"--b\n\nx\"", true },
	{ "CRLF is LF", "A: b\r\n\r\none\r\ntwo\r\n", "body :raw :is \"one\ntwo\n\"", true },
};

static void decide(const char *script, struct slice message, struct buf *out)
{
	AUTO_RULESET set = { 0 };
	AUTO_FRAME frame = { 0 };

	sieve_case_add(&set, "r.sieve", slice_text(script));
	if (set.scripts[0]->problems.count > 0)
		fail_msg("%s: %s", script, set.scripts[0]->problems.at[0].text);
	assert_int_equal(set.scripts[0]->needs, NEEDS_BODY);
	sieve_case_run(&set, &frame, message, out);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF script = { 0 };
		AUTO_BUF got = { 0 };

		buf_addf(&script, HEAD "if %s { discard; }", rows[i].test);
		decide(script.ptr, slice_text(rows[i].message), &got);
		if (strcmp(got.ptr, rows[i].answer ? "discard;" : "keep;") != 0)
			fail_msg("%s: <%s>", rows[i].label, got.ptr);
	}
}

/* RFC 5173 section 6: a match with wildcards sets no match variables. */
static void test_no_captures(void **state)
{
	AUTO_BUF got = { 0 };

	(void)state;
	decide(HEAD "if string :matches \"old\" \"*\" {}\n"
		    "if body :matches \"*Hello*\" { fileinto \"${1}\"; }",
		slice_text(nested), &got);
	assert_string_equal(got.ptr, "fileinto \"old\";");
}

/* A needle at every place around the edges of the pieces in which a body is looked at. */
static void test_edges(void **state)
{
	(void)state;
	for (size_t at = 131072 - 20; at < 131072 + 20; at++) {
		AUTO_BUF message = { 0 };
		AUTO_BUF got = { 0 };

		buf_add_text(&message, "A: b\n\n");
		while (message.len < at)
			buf_add_byte(&message, 'x');
		buf_add_text(&message, "nee\r\ndle");
		while (message.len < 300000)
			buf_add_byte(&message, 'y');
		decide(HEAD "if body :raw :contains [\"NEE\nDLEY\", \"none\"] { discard; }",
			buf_slice(&message), &got);
		assert_string_equal(got.ptr, "discard;");
	}
}

/* Beyond the limit: :contains and :is go on, what needs the whole is an error that keeps. */
static void test_limits(void **state)
{
	AUTO_BUF message = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	buf_add_text(&message, "A: b\n\n");
	while (message.len < 3 << 20)
		buf_add_text(&message, "All work and no play makes Jack a dull boy.\r\n");
	buf_add_text(&message, "The end.");
	decide(HEAD "if body :raw :contains \"the end\" { discard; }", buf_slice(&message), &got);
	assert_string_equal(got.ptr, "discard;");
	buf_clear(&got);
	decide(HEAD "if body :raw :is \"All work\" { discard; }", buf_slice(&message), &got);
	assert_string_equal(got.ptr, "keep;");
	buf_clear(&got);
	decide(HEAD "if body :raw :matches \"*the end*\" { discard; }", buf_slice(&message), &got);
	assert_string_equal(got.ptr,
		"keep;!r.sieve:2: a part is longer than 1048576 bytes: expected :contains or :is");
}

#define TOO_MANY "keep;!r.sieve:2: the message has more parts, or deeper ones, than are " \
	"looked into"

/* What was not looked into is not "no match". */
static void test_parts(void **state)
{
	AUTO_BUF message = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	buf_add_text(&message, "Content-Type: multipart/mixed; boundary=b\n");
	for (int i = 0; i < 12000; i++)
		buf_add_text(&message, "\n--b\n\nx");
	buf_add_text(&message, "\n--b\n\nneedle\n--b--\n");
	decide(HEAD "if not body :contains \"needle\" { discard; }", buf_slice(&message), &got);
	assert_string_equal(got.ptr, TOO_MANY);
	buf_clear(&got);
	decide(HEAD "if body :contains \"x\" { discard; }", buf_slice(&message), &got);
	assert_string_equal(got.ptr, "discard;");
}

/* Nested 20,000 deep, and boundaries that never end: an answer, in no time worth noting. */
static void test_hostile(void **state)
{
	AUTO_BUF message = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_addf(&message, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	buf_add_text(&message, "\nneedle\n");
	decide(HEAD "if body :content \"\" :contains \"no such text\" { discard; }",
		buf_slice(&message), &got);
	assert_string_equal(got.ptr, TOO_MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_no_captures),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
