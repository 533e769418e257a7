/*
 * extracttext (RFC 5703 section 7).
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

#define HEAD "require [\"mime\", \"foreverypart\", \"extracttext\", \"variables\", " \
	"\"fileinto\"];\n"
#define PART(n, code) "foreverypart { if header :mime \"X-Id\" \"" n "\" { " code " } }\n"
#define SHOW "if string :matches \"${t}\" \"*\" { fileinto \"<${t}>\"; }"

static const char message[] =
	"X-Id: root\n"
	"Content-Type: multipart/mixed; boundary=b\n"
	"\n"
	"prologue\n"
	"--b\n"
	"X-Id: quoted\n"
	"Content-Type: text/plain; charset=iso-8859-1\n"
	"Content-Transfer-Encoding: quoted-printable\n"
	"\n"
	"Gr=FC=DFe an alle\n"
	"--b\n"
	"X-Id: base64\n"
	"Content-Transfer-Encoding: base64\n"
	"\n"
	"R2Vo*-(*\nZW!lt\n"
	"--b\n"
	"X-Id: html\n"
	"Content-Type: text/html; charset=utf-8\n"
	"\n"
	"<title>t</title><p>Hel<b>lo</b> &amp; <!-- no -->good-bye</p>\n"
	"--b\n"
	"X-Id: nul\n"
	"Content-Type: application/octet-stream\n"
	"Content-Transfer-Encoding: base64\n"
	"\n"
	"YQBi/2M=\n"
	"--b\n"
	"X-Id: charset\n"
	"Content-Type: text/plain; charset=x-none\n"
	"\n"
	"text\n"
	"--b\n"
	"X-Id: encoding\n"
	"Content-Transfer-Encoding: x-uuencode\n"
	"\n"
	"text\n"
	"--b\n"
	"X-Id: broken\n"
	"Content-Type: text/plain; charset=utf-8\n"
	"\n"
	"a\xff" "b\n"
	"--b\n"
	"X-Id: lines\n"
	"\n"
	"one\r\ntwo\r\n"
	"--b\n"
	"X-Id: message\n"
	"Content-Type: message/rfc822\n"
	"\n"
	"X-Id: inner\n"
	"\n"
	"in it\n"
	"--b\n"
	"X-Id: empty\n"
	"--b--\n"
	"epilogue\n";

static const struct sieve_case rows[] = {
	{ "quoted-printable and charset", PART("quoted", "extracttext \"t\";") SHOW,
		"fileinto \"<Gr\xc3\xbc\xc3\x9f" "e an alle>\";" },
	{ ":first counts characters", PART("quoted", "extracttext :first 4 \"t\";") SHOW,
		"fileinto \"<Gr\xc3\xbc\xc3\x9f>\";" },
	{ ":first 0", PART("quoted", "extracttext :first 0 \"t\";") SHOW, "fileinto \"<>\";" },
	{ ":first of more than there is", PART("quoted", "extracttext :first 99999999999 \"t\";") SHOW,
		"fileinto \"<Gr\xc3\xbc\xc3\x9f" "e an alle>\";" },
	{ "modifiers come behind :first", PART("quoted", "extracttext :length :first 5 \"t\";") SHOW,
		"fileinto \"<5>\";" },
	{ "several modifiers", PART("base64", "extracttext :lower :upperfirst \"t\";") SHOW,
		"fileinto \"<Geheim>\";" },
	{ "HTML", PART("html", "extracttext \"t\";"
		"if string :is \"${t}\" \"t\nHello & good-bye\" { discard; }"), "discard;" },
	{ "NUL and bytes that are no text", PART("nul", "extracttext \"t\";") SHOW,
		"fileinto \"<a\xef\xbf\xbd" "b\xef\xbf\xbd" "c>\";" },
	{ "an unknown charset", PART("charset", "extracttext \"t\";") SHOW, "fileinto \"<>\";" },
	{ "an unknown encoding", PART("encoding", "extracttext \"t\";") SHOW, "fileinto \"<>\";" },
	{ "a broken character", PART("broken", "extracttext \"t\";") SHOW,
		"fileinto \"<a\xef\xbf\xbd" "b>\";" },
	{ "line ends", PART("lines", "extracttext \"t\"; if string :is \"${t}\" \"one\ntwo\" { "
		"discard; }"), "discard;" },
	{ "a multipart has no text", PART("root", "set \"t\" \"old\"; extracttext \"t\";") SHOW,
		"fileinto \"<>\";" },
	{ "nor has a message", PART("message", "extracttext \"t\";") SHOW, "fileinto \"<>\";" },
	{ "but what is in it", PART("inner", "extracttext \"t\";") SHOW, "fileinto \"<in it>\";" },
	{ "a part without body", PART("empty", "extracttext \"t\";") SHOW, "fileinto \"<>\";" },
	{ "in an inner loop", "foreverypart { foreverypart { if header :mime \"X-Id\" \"inner\" { "
		"extracttext \"t\"; } } }\n" SHOW, "fileinto \"<in it>\";" },
	{ "the example of section 9.3", "foreverypart { if header :mime :type :is \"Content-Type\" "
		"\"text\" { extracttext :first 100 \"t\"; break; } }\n" SHOW,
		"fileinto \"<Gr\xc3\xbc\xc3\x9f" "e an alle>\";" },
};

static const struct sieve_case refused[] = {
	{ "outside of a loop", HEAD "extracttext \"t\";",
		"2:1 \"extracttext\" expected a \"foreverypart\" around it" },
	{ "without variables", "require [\"extracttext\", \"foreverypart\"];\n"
		"foreverypart { extracttext \"t\"; }",
		"2:16 \"extracttext\" expected require \"variables\" at the top" },
	{ "without its own", "require [\"variables\", \"foreverypart\"];\n"
		"foreverypart { extracttext \"t\"; }",
		"2:16 \"extracttext\" expected require \"extracttext\" at the top" },
	{ "two cases", HEAD "foreverypart { extracttext :lower :upper \"t\"; }",
		"2:35 \":upper\" does not go with the tag before it" },
	{ ":first without a number", HEAD "foreverypart { extracttext :first \"t\"; }",
		"2:28 expected a number behind \":first\"" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(rows); i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, HEAD "%s", rows[i].script);
		sieve_case_check_message(&rows[i], script.ptr, message);
	}
}

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(refused, SIEVE_COUNT(refused));
}

/* More than a variable holds is cut between characters (RFC 5229 section 6). */
static void test_long(void **state)
{
	AUTO_BUF long_one = { 0 };
	const struct sieve_case row = { "64 KiB", NULL, "fileinto \"65535\";" };

	(void)state;
	buf_add_text(&long_one, "Content-Type: text/plain; charset=utf-8\n\n");
	while (long_one.len < 1 << 20)
		buf_add_text(&long_one, "\xe2\x82\xac");
	sieve_case_check_message(&row, HEAD "foreverypart { extracttext \"t\"; }\n"
		"if string :matches \"${t}\" \"*\" { set :length \"n\" \"${t}${t}${t}\"; }\n"
		"fileinto \"${n}\";", long_one.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
