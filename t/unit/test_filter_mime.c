/*
 * mime, foreverypart and break (RFC 5703 sections 3 and 4).
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_case.h"

#define HEAD "require [\"mime\", \"foreverypart\", \"variables\", \"relational\", \"regex\", " \
	"\"index\", \"fileinto\", \"copy\"];\n"

/* Parts: root, alt, plain, html, msg, embedded, bin. */
static const char nested[] =
	"From: a@x.org\n"
	"Subject: outer\n"
	"X-Id: root\n"
	"Content-Type: multipart/mixed; boundary=outer\n"
	"\n"
	"--outer\n"
	"X-Id: alt\n"
	"Content-Type: Multipart/Alternative; boundary=inner\n"
	"\n"
	"--inner\n"
	"X-Id: plain\n"
	"Content-From: Tim <tim@example.com>\n"
	"Content-Type: text/plain; charset=iso-8859-1\n"
	"\n"
	"one\n"
	"--inner\n"
	"X-Id: html\n"
	"Content-Type: text/html\n"
	"Content-Disposition: inline\n"
	"\n"
	"two\n"
	"--inner--\n"
	"--outer\n"
	"X-Id: msg\n"
	"Content-Type: message/rfc822\n"
	"\n"
	"Subject: embedded\n"
	"X-Id: embedded\n"
	"X-Id: again\n"
	"\n"
	"three\n"
	"--outer\n"
	"X-Id: bin\n"
	"Content-Type: application/pdf; name=\"=?utf-8?q?caf=C3=A9?=\"\n"
	"Content-Disposition: (a comment) attachment; filename*0*=utf-8''important%20;\n"
	"	filename*1=papers.pdf\n"
	"Content-MD5: x\n"
	"\n"
	"four\n"
	"--outer--\n";

/* One header with what is unusual. */
static const char odd[] =
	"Content-Type: garbage\n"
	"Content-Disposition: ; filename=x\n"
	"X-Param: main; P=\"a b\"; q=; p=second; r*=unknown-charset''%ff; s=\"x\\\"y\"\n"
	"\n";

static const struct {
	const char *label;
	const char *message;
	const char *test;
	bool answer;
} rows[] = {
	{ "without :mime only the message's own", nested, "exists \"Content-MD5\"", false },
	{ ":mime outside of a loop, too", nested, "exists :mime \"Content-MD5\"", false },
	{ "exists :anychild (section 4.3)", nested, "exists :mime :anychild \"content-md5\"", true },
	{ "exists: all, in any part", nested, "exists :mime :anychild [\"Content-MD5\", "
		"\"Content-From\"]", true },
	{ "exists: all", nested, "exists :mime :anychild [\"Content-MD5\", \"X-None\"]", false },
	{ "header :anychild", nested, "header :mime :anychild \"X-Id\" \"embedded\"", true },
	{ "header :mime", nested, "header :mime \"X-Id\" \"embedded\"", false },
	{ ":type", nested, "header :mime :type \"Content-Type\" \"MULTIPART\"", true },
	{ ":subtype", nested, "header :mime :subtype \"Content-Type\" \"mixed\"", true },
	{ ":subtype of a disposition is blank", nested, "header :mime :anychild :subtype "
		"\"Content-Disposition\" \"\"", true },
	{ ":contenttype (section 4.1)", nested, "header :mime :anychild :contenttype "
		"\"Content-Type\" \"text/html\"", true },
	{ ":contenttype is without parameters", nested, "header :mime :contenttype :contains "
		"\"Content-Type\" \"boundary\"", false },
	{ ":contenttype of a disposition", nested, "header :mime :anychild :contenttype "
		"\"Content-Disposition\" \"attachment\"", true },
	{ ":type of a disposition", nested, "header :mime :anychild :type "
		"[\"Content-Type\", \"Content-Disposition\"] \"inline\"", true },
	{ ":type of another field is blank", nested, "header :mime :type \"Subject\" \"\"", true },
	{ ":type of no field", nested, "header :mime :type \"X-None\" \"\"", false },
	{ ":param, RFC 2231", nested, "header :mime :anychild :param \"filename\" \"Content-Disposition\" "
		"\"important papers.pdf\"", true },
	{ ":param, RFC 2047", nested, "header :mime :anychild :param \"NAME\" \"Content-Type\" "
		"\"caf\xc3\xa9\"", true },
	{ ":param, several", nested, "header :mime :anychild :param [\"x\", \"charset\"] "
		"\"Content-Type\" \"iso-8859-1\"", true },
	{ ":param of the top only", nested, "header :mime :param \"charset\" :matches "
		"\"Content-Type\" \"*\"", false },
	{ ":count of fields that are types", nested, "header :mime :anychild :type :count \"eq\" "
		"\"Content-Type\" \"6\"", true },
	{ ":count of parameters", nested, "header :mime :anychild :param [\"name\", \"charset\"] "
		":count \"eq\" \"Content-Type\" \"2\"", true },
	{ ":count of fields", nested, "header :mime :anychild :count \"eq\" \"X-Id\" \"8\"", true },
	{ ":index in each part", nested, "header :mime :anychild :index 2 \"X-Id\" \"again\"", true },
	{ ":index :last", nested, "header :mime :anychild :index 1 :last \"X-Id\" \"embedded\"",
		false },
	{ "address :mime reads any field (section 4.2)", nested, "address :mime :anychild :is :all "
		"\"content-from\" \"tim@example.com\"", true },
	{ "address :domain", nested, "address :mime :anychild :domain \"Content-From\" "
		"\"example.com\"", true },
	{ "address of the top", nested, "address :mime \"content-from\" \"tim@example.com\"", false },
	{ "a type that is none is not tried", odd, "header :mime :type :matches \"Content-Type\" "
		"\"*\"", false },
	{ "nor counted", odd, "header :mime :type :count \"eq\" [\"Content-Type\", "
		"\"Content-Disposition\"] \"0\"", true },
	{ "its parameters are", odd, "header :mime :param \"filename\" \"Content-Disposition\" \"x\"",
		true },
	{ "parameters of any field", odd, "header :mime :param \"p\" \"X-Param\" \"a b\"", true },
	{ "an empty parameter is there", odd, "header :mime :param \"q\" \"X-Param\" \"\"", true },
	{ "one that is missing is not", odd, "header :mime :param [\"none\", \"\"] \"X-Param\" \"\"",
		false },
	{ "an unknown charset", odd, "header :mime :param \"r\" :matches \"X-Param\" \"*\"", true },
	{ "quotes", odd, "header :mime :param \"s\" \"X-Param\" \"x\\\"y\"", true },
	{ "not MIME at all", "Subject: x\n\nbody\n", "header :mime :anychild \"Subject\" \"x\"", true },
	{ "no message at all", "", "header :mime :anychild :count \"eq\" \"Subject\" \"0\"", true },
};

static const struct sieve_case loops[] = {
	{ "every part, depth first, the message before it",
		"foreverypart { if header :mime :matches \"X-Id\" \"*\" { set \"a\" \"${a} ${1}\"; } }\n"
		"fileinto \"${a}\";",
		"fileinto \" root alt plain html msg embedded bin\";" },
	{ "an inner loop walks what is in the part",
		"foreverypart { foreverypart { if header :mime :matches \"X-Id\" \"*\" {\n"
		"set \"a\" \"${a} ${1}\"; } } set \"a\" \"${a},\"; }\nfileinto \"${a}\";",
		"fileinto \" alt plain html msg embedded bin, plain html,,, embedded,,,\";" },
	{ "three loops",
		"foreverypart { foreverypart { foreverypart { if header :mime :matches \"X-Id\" \"*\" {\n"
		"set \"a\" \"${a} ${1}\"; } } } }\nfileinto \"${a}\";",
		"fileinto \" plain html embedded\";" },
	{ "behind an inner loop the outer one is at hand again",
		"foreverypart { foreverypart { } if header :mime \"X-Id\" \"alt\" { discard; } }",
		"discard;" },
	{ "behind all loops it is the message",
		"foreverypart { } if header :mime \"X-Id\" \"root\" { discard; }", "discard;" },
	{ "break",
		"foreverypart { if header :mime :matches \"X-Id\" \"*\" { set \"a\" \"${a} ${1}\"; }\n"
		"if header :mime \"X-Id\" \"plain\" { break; set \"a\" \"never\"; } }\nfileinto \"${a}\";",
		"fileinto \" root alt plain\";" },
	{ "break of an inner loop",
		"foreverypart { foreverypart { if header :mime :matches \"X-Id\" \"*\" {\n"
		"set \"a\" \"${a} ${1}\"; } break; } set \"a\" \"${a},\"; }\nfileinto \"${a}\";",
		"fileinto \" alt, plain,,, embedded,,,\";" },
	{ "break by name",
		"foreverypart :name \"o\" { foreverypart :name \"i\" {\n"
		"if header :mime :matches \"X-Id\" \"*\" { set \"a\" \"${a} ${1}\"; }\n"
		"if header :mime \"X-Id\" \"plain\" { break :name \"o\"; } } }\nfileinto \"${a}\";",
		"fileinto \" alt plain\";" },
	{ "an inner name hides an outer one",
		"foreverypart :name \"x\" { foreverypart :name \"x\" { break :name \"x\"; }\n"
		"set \"a\" \"${a}.\"; }\nfileinto \"${a}\";",
		"fileinto \".......\";" },
	{ "stop", "foreverypart { discard; stop; }", "discard;" },
	{ ":anychild within a loop",
		"foreverypart { if allof (header :mime :type \"Content-Type\" \"message\",\n"
		"header :mime :anychild \"X-Id\" \"embedded\",\n"
		"not header :mime :anychild \"X-Id\" \"bin\") { discard; } }", "discard;" },
	{ "the example of section 4.1",
		"foreverypart { if allof (\n"
		"header :mime :param \"filename\" :contains \"Content-Disposition\" \"important\",\n"
		"header :mime :subtype \"Content-Type\" \"pdf\",\n"
		"size :over 100) { fileinto \"INBOX.important\"; break; } }",
		"fileinto \"INBOX.important\";" },
	{ "header without :mime stays at the top",
		"foreverypart { if header :matches \"X-Id\" \"*\" { set \"a\" \"${a}.${1}\"; } }\n"
		"fileinto \"${a}\";", "fileinto \".root.root.root.root.root.root.root\";" },
	{ "an error in a loop", "foreverypart { fileinto \"x\"; fileinto \"${none}\"; }",
		"keep;!r.sieve:2: the name of the folder is empty" },
};

static const struct {
	const char *label;
	const char *script;
	const char *problem; /* with what it begins */
} mistakes[] = {
	{ "break outside", "break;", "\"break\" expected a \"foreverypart\" around it" },
	{ "break behind the loop", "foreverypart { } break;", "\"break\" expected" },
	{ "break in an if outside", "if true { break; }", "\"break\" expected" },
	{ "no such name", "foreverypart :name \"a\" { break :name \"A\"; }",
		"no loop around this is named \"A\"" },
	{ "a name of a loop that is over", "foreverypart :name \"a\" { }\nforeverypart { break "
		":name \"a\"; }", "no loop around this is named \"a\"" },
	{ "too deep", "foreverypart { foreverypart { foreverypart { foreverypart { foreverypart { "
		"} } } } }", "loops within each other, expected at most 4" },
	{ "a name with a variable", "foreverypart :name \"${x}\" { }", "expected a name without" },
	{ "no block", "foreverypart;", "\"foreverypart\" expected a block" },
	{ "a test", "foreverypart true { }", "\"foreverypart\" takes no test" },
	{ ":anychild alone", "if header :anychild \"a\" \"b\" { }", "\":anychild\" expected \":mime\"" },
	{ ":type alone", "if header :type \"a\" \"b\" { }", "\":type\" expected \":mime\"" },
	{ "two options", "if header :mime :type :subtype \"a\" \"b\" { }", "second part of a MIME" },
	{ ":param without names", "if header :mime :param \"b\" { }", "\"header\" expected a list" },
	{ "options are for header", "if exists :mime :type \"a\" { }", "\"exists\" knows no \":type\"" },
	{ "not for address", "if address :mime :param \"x\" \"from\" \"b\" { }",
		"\"address\" knows no \":param\"" },
	{ "not for body", "if size :mime :over 1 { }", "\"size\" knows no \":mime\"" },
};

static void decide(const char *script, struct slice message, struct buf *out)
{
	AUTO_RULESET set = { 0 };
	AUTO_FRAME frame = { 0 };
	AUTO_BUF source = { 0 };

	buf_addf(&source, HEAD "%s", script);
	sieve_case_add(&set, "r.sieve", buf_slice(&source));
	if (set.scripts[0]->problems.count > 0)
		fail_msg("%s: %s", script, set.scripts[0]->problems.at[0].text);
	sieve_case_run(&set, &frame, message, out);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF script = { 0 };
		AUTO_BUF got = { 0 };

		buf_addf(&script, "if %s { discard; }", rows[i].test);
		decide(script.ptr, slice_text(rows[i].message), &got);
		if (strcmp(got.ptr, rows[i].answer ? "discard;" : "keep;") != 0)
			fail_msg("%s: <%s>", rows[i].label, got.ptr);
	}
}

static void test_loops(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		AUTO_BUF got = { 0 };

		decide(loops[i].script, slice_text(nested), &got);
		if (strcmp(got.ptr, loops[i].actions) != 0)
			fail_msg("%s: <%s>", loops[i].label, got.ptr);
	}
}

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		AUTO_RULESET set = { 0 };
		AUTO_BUF source = { 0 };

		buf_addf(&source, HEAD "%s", mistakes[i].script);
		sieve_case_add(&set, "r.sieve", buf_slice(&source));
		if (set.scripts[0]->problems.count == 0)
			fail_msg("%s: no problem", mistakes[i].label);
		if (!slice_starts(slice_text(set.scripts[0]->problems.at[0].text),
			    mistakes[i].problem))
			fail_msg("%s: <%s>", mistakes[i].label,
				set.scripts[0]->problems.at[0].text);
	}
}

/* What asks of the message beyond its header, and what does not. */
static void test_needs(void **state)
{
	static const struct {
		const char *script;
		unsigned needs;
	} needs[] = {
		{ "if header :mime :type \"Content-Type\" \"text\" { discard; }", 0 },
		{ "if header :mime :anychild \"Content-Type\" \"text\" { discard; }", NEEDS_BODY },
		{ "foreverypart { }", NEEDS_BODY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		AUTO_RULESET set = { 0 };
		AUTO_BUF source = { 0 };

		buf_addf(&source, HEAD "%s", needs[i].script);
		sieve_case_add(&set, "r.sieve", buf_slice(&source));
		assert_int_equal(set.scripts[0]->needs, needs[i].needs);
	}
}

#define TOO_MANY "the message has more parts, or deeper ones, than are looked into"

/* What was not looked into is not "no match", and loops cannot multiply the work. */
static void test_limits(void **state)
{
	AUTO_BUF many = { 0 };
	AUTO_BUF deep = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	buf_add_text(&many, "Content-Type: multipart/mixed; boundary=b\n");
	for (int i = 0; i < 12000; i++)
		buf_add_text(&many, "\n--b\nX: y\n\nx");
	for (int i = 0; i < 200; i++)
		buf_addf(&deep, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	decide("if not exists :mime :anychild \"Z\" { discard; }", buf_slice(&many), &got);
	assert_string_equal(got.ptr, "keep;!r.sieve:2: " TOO_MANY);
	buf_clear(&got);
	decide("if exists :mime :anychild \"X\" { discard; }", buf_slice(&many), &got);
	assert_string_equal(got.ptr, "discard;");
	buf_clear(&got);
	decide("discard; foreverypart { }", buf_slice(&deep), &got);
	assert_string_equal(got.ptr, "keep;!r.sieve:2: " TOO_MANY);
	buf_clear(&got);
	decide("discard; foreverypart { break; }", buf_slice(&deep), &got);
	assert_string_equal(got.ptr, "discard;");
	buf_clear(&got);
	decide("foreverypart { if not exists :mime :anychild \"X\" { } }", buf_slice(&many), &got);
	assert_string_equal(got.ptr, "keep;!r.sieve:2: " TOO_MANY);
	buf_cut(&many, 80000);
	buf_clear(&got);
	decide("foreverypart { foreverypart { if exists :mime :anychild \"Z\" { } } if exists "
	       ":mime :anychild \"Z\" { } }", buf_slice(&many), &got);
	assert_string_equal(got.ptr, "keep;");
	buf_clear(&got);
	for (int i = 0; i < 200; i++)
		buf_add_text(&got, "if exists :mime :anychild \"Z\" { discard; }\n");
	decide(got.ptr, buf_slice(&many), &got);
	assert_non_null(strstr(got.ptr, "keep;!r.sieve:"));
	assert_non_null(strstr(got.ptr, "more than 1000000 parts were looked at"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_loops),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
