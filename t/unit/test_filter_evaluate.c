/*
 * What scripts decide: RFC 5228 and its extensions, as tables of script, message, actions.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

/* Whole scripts. */
static const struct sieve_case scripts[] = {
	{ "nothing", "", "keep;" },
	{ "comment only", "# x\n", "keep;" },
	{ "discard", "discard;", "discard;" },
	{ "keep and discard", "keep; discard;", "keep;" },
	{ "stop", "stop; discard;", "keep;" },
	{ "fileinto", "fileinto \"a\";", "fileinto \"a\";" },
	{ "fileinto and keep", "fileinto \"a\"; keep;", "fileinto \"a\";keep;" },
	{ "fileinto :copy", "fileinto :copy \"a\";", "fileinto \"a\";keep;" },
	{ "fileinto and discard", "fileinto \"a\"; discard;", "fileinto \"a\";" },
	{ "fileinto twice", "fileinto \"a\"; fileinto \"a\";", "fileinto \"a\";" },
	{ "INBOX is keep, once", "fileinto \"INBOX\"; keep;", "keep;" },
	{ "last flags win for INBOX, too", "keep; fileinto :flags \"a\" \"inbox\";",
		"keep :flags \"a\";" },
	{ "INBOX in two spellings", "fileinto \"INBOX\"; fileinto :flags \"a\" \"inbox\";",
		"fileinto :flags \"a\" \"inbox\";" },
	{ "flags of a copy in INBOX", "fileinto :copy :flags \"a\" \"INBOX\";",
		"keep :flags \"a\";" },
	{ "but the implicit keep's own win", "fileinto :copy :flags \"a\" \"INBOX\"; "
		"addflag \"b\";", "keep :flags \"b\";" },
	{ "folders have case", "fileinto \"a\"; fileinto \"A\";",
		"fileinto \"a\";fileinto \"A\";" },
	{ "fileinto :create", "fileinto :create \"a\";", "fileinto :create \"a\";" },
	{ "redirect", "redirect \"a@b.org\";", "redirect \"a@b.org\";" },
	{ "domains have no case", "redirect \"a@b.org\"; redirect \"a@B.Org\";",
		"redirect \"a@B.Org\";" },
	{ "local parts have", "redirect \"a@b.org\"; redirect \"A@b.org\";",
		"redirect \"a@b.org\";redirect \"A@b.org\";" },
	{ "redirect to a person", "redirect \"Bart <bart@b.org>\";", "redirect \"bart@b.org\";" },
	{ "redirect, a comment behind it", "redirect \" a@b.org (x) \";",
		"redirect \"a@b.org\";" },
	{ "redirect :copy", "redirect :copy \"a@b.org\";", "redirect \"a@b.org\";keep;" },
	{ "if", "if true { discard; }", "discard;" },
	{ "else", "if false { keep; } else { discard; }", "discard;" },
	{ "elsif", "if false { } elsif true { discard; } else { fileinto \"x\"; }", "discard;" },
	{ "only the first branch", "if true { } elsif true { discard; }", "keep;" },
	{ "behind a chain", "if true { } elsif true { } else { } discard;", "discard;" },
	{ "nested", "if true { if false { } else { if true { discard; } } }", "discard;" },
	{ "stop in a block", "if true { fileinto \"a\"; stop; } discard;", "fileinto \"a\";" },
	/* flags */
	{ "implicit keep with flags", "addflag \"\\\\Seen\";", "keep :flags \"\\\\Seen\";" },
	{ "keep with the internal variable", "setflag [\"a\",\"b\"]; keep;",
		"keep :flags [\"a\", \"b\"];" },
	{ ":flags wins", "setflag \"a\"; keep :flags \"b c\";", "keep :flags [\"b\", \"c\"];" },
	{ ":flags empty", "setflag \"a\"; keep :flags \"\";", "keep :flags \"\";" },
	{ "add and remove", "addflag \"a b\"; addflag \"A c\"; removeflag \"B\"; keep;",
		"keep :flags [\"a\", \"c\"];" },
	{ "impossible flags are left out", "setflag [\"\\\\Recent\", \"a(\", \"ok\"]; keep;",
		"keep :flags \"ok\";" },
	{ "in a variable", "setflag \"v\" \"a b\"; addflag \"v\" \"c\"; fileinto :flags \"${v}\" "
		"\"x\";",
		"fileinto :flags [\"a\", \"b\", \"c\"] \"x\";" },
	{ "hasflag, RFC 5232 4", "setflag \"A B\"; if hasflag :is \"b A\" { discard; }",
		"discard;" },
	{ "hasflag with flags in a variable", "set \"k\" \"c B\"; setflag \"b\"; if hasflag "
		"\"${k}\" { discard; }", "discard;" },
	{ "hasflag of a variable", "set \"my\" \"NonJunk Junk gnus-forward\"; if hasflag "
		":contains \"my\" [\"label\", \"forward\"] { discard; }", "discard;" },
	{ "hasflag, none", "set \"my\" \"a\"; if hasflag :contains \"my\" \"label\" { discard; "
		"}", "keep;" },
	{ "hasflag count", "set \"f\" \"A B a\"; if hasflag :count \"ge\" :comparator "
		"\"i;ascii-numeric\" \"f\" \"2\" { discard; }", "discard;" },
	{ "last flags win", "fileinto :flags \"a\" \"x\"; fileinto :flags \"b\" \"x\";",
		"fileinto :flags \"b\" \"x\";" },
	/* variables */
	{ "set", "set \"a\" \"x\"; fileinto \"${A}\";", "fileinto \"x\";" },
	{ "unknown is empty", "fileinto \"x${none}\";", "fileinto \"x\";" },
	{ "no references", "fileinto \"&%${}! ${doh!} ${BAD${a}\";",
		"fileinto \"&%${}! ${doh!} ${BAD\";" },
	{ "one pass only", "set \"a\" \"$\"; fileinto \"${a}{b}\";", "fileinto \"${b}\";" },
	{ "current value", "set \"a\" \"1\"; set \"b\" \"${a}\"; set \"a\" \"2\"; fileinto "
		"\"${a}${b}\";",
		"fileinto \"21\";" },
	{ ":length", "set :length \"a\" \"juMBlEd lETteRS\"; fileinto \"${a}\";",
		"fileinto \"15\";" },
	{ ":length of characters", "set :length \"a\" \"\xc3\xa4\xf0\x9f\x98\x80\"; fileinto "
		"\"${a}\";", "fileinto \"2\";" },
	{ ":upperfirst :lower", "set :upperfirst :lower \"a\" \"juMBlEd lETteRS\"; fileinto "
		"\"${a}\";",
		"fileinto \"Jumbled letters\";" },
	{ ":upper", "set :upper \"a\" \"a\xc3\xa4z\"; fileinto \"${a}\";",
		"fileinto \"A\xc3\xa4Z\";" },
	{ ":lowerfirst", "set :lowerfirst \"a\" \"ABC\"; fileinto \"${a}\";", "fileinto \"aBC\";" },
	{ ":quotewildcard", "set :quotewildcard \"a\" \"Rock*?\\\\\"; if string :matches "
		"\"Rock*?\\\\\" \"${a}\" { fileinto \"${a}\"; }",
		"fileinto \"Rock\\\\*\\\\?\\\\\\\\\";" },
	{ ":quotewildcard :length", "set :quotewildcard :length \"a\" \"*\"; fileinto \"${a}\";",
		"fileinto \"2\";" },
	{ "match variables, RFC 5229 3.2", "if header :matches \"List-ID\" \"*<*.lists.*>\" { "
		"fileinto \"l.${2}\"; }",
		"fileinto \"l.foo\";" },
	{ "shortest match", "if string :matches \"a.b.c\" \"*.*\" { fileinto \"${1}|${2}\"; }",
		"fileinto \"a|b.c\";" },
	{ "question marks capture", "if string :matches \"abc\" \"?*?\" { fileinto "
		"\"${1}|${2}|${3}|${0}\"; }",
		"fileinto \"a|b|c|abc\";" },
	{ "doubled star, RFC example", "if address :matches [\"To\", \"Cc\"] [\"coyote@**.com\", "
		"\"runner@**.com\"] { fileinto \"${1}|${2}\"; }",
		"fileinto \"|acme.example\";" },
	{ "not set by a failure", "if string :matches \"a\" \"*\" { } if string :matches \"b\" "
		"\"x*\" { } fileinto \"${1}\";",
		"fileinto \"a\";" },
	{ "short circuit", "if anyof (true, string :matches \"x\" \"*\") { fileinto \"a${1}\"; "
		"}", "fileinto \"a\";" },
	{ "leading zeros", "if string :matches \"abc\" \"?*\" { fileinto \"${0002}\"; }",
		"fileinto \"bc\";" },
	{ "regex captures", "if header :regex \"List-Id\" \"<([^.]+)(x)?\\\\.\" { fileinto "
		"\"l.${1}.${2}\"; }",
		"fileinto \"l.foo.\";" },
	{ "regex made at run time", "set \"r\" \"pre.ent\"; if header :regex \"subject\" "
		"\"${r}\" { discard; }", "discard;" },
	{ "encoded then expanded, RFC 5229 3.1", "set \"name\" \"E\"; fileinto \"d${hex:20 24 7b "
		"4e}ame}\";", "fileinto \"d E\";" },
	{ "case kept when captured", "if header :matches \"subject\" \"I * A *\tF*\" { fileinto "
		"\"${1}-${2}\"; }",
		"fileinto \"have-present\";" },
	/* run-time errors: the message is kept, what was decided is dropped */
	{ "empty folder", "fileinto \"a\"; fileinto \"${x}\";",
		"keep;!r.sieve:2: the name of the folder is empty" },
	{ "folder with a line end", "set \"x\" \"a\nb\"; fileinto \"${x}\";",
		"keep;!r.sieve:3: the name of the folder holds a control character" },
	{ "bad address", "set \"x\" \"nobody\"; redirect \"${x}\";",
		"keep;!r.sieve:2: \"nobody\" is not one address, expected name@domain" },
	{ "two addresses", "set \"x\" \"a@b.c, d@e.f\"; redirect \"${x}\";",
		"keep;!r.sieve:2: \"a@b.c, d@e.f\" is not one address, expected name@domain" },
	{ "words before an address", "set \"x\" \"a\nb\"; redirect \"${x}@c.d\";",
		"keep;!r.sieve:3: \"a\nb@c.d\" is not one address, expected name@domain" },
	{ "bad regex at run time", "set \"r\" \"(\"; if header :regex \"subject\" \"${r}\" { }",
		"keep;!r.sieve:2: bad regular expression at byte 2: missing closing parenthesis" },
	{ "too many actions", "fileinto \"1\"; fileinto \"2\"; fileinto \"3\"; fileinto \"4\"; "
		"fileinto \"5\"; fileinto \"6\";",
		"keep;!r.sieve:2: more than 5 actions (filter.max-actions)" },
	{ "too many redirects", "redirect \"a@b.c\"; redirect \"d@b.c\"; redirect \"e@b.c\";",
		"keep;!r.sieve:2: more than 2 redirects (filter.max-redirects)" },
	{ "a question without answer", "if mailboxexists \"broken\" { discard; }",
		"keep;!r.sieve:2: the disk is on fire" },
	{ "a field made at run time", "set \"f\" \"subject\"; if address \"${f}\" \"a\" { }",
		"keep;!r.sieve:2: \"subject\" is no field of addresses" },
};

static void test_scripts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, "%s%s", REQUIRE, scripts[i].script);
		sieve_case_check(&scripts[i], script.ptr);
	}
}

/* Several files, parted by "---": draft-degener-sieve-multiscript-00. */
static const struct sieve_case sequences[] = {
	{ "the next runs after an implicit keep", "---discard;", "discard;" },
	{ "the next runs after a keep", "keep;---discard;", "discard;" },
	{ "the next does not run after a fileinto", "fileinto \"a\";---discard;",
		"fileinto \"a\";" },
	{ "the next runs after fileinto :copy", "fileinto :copy \"a\";---fileinto \"b\";",
		"fileinto \"a\";fileinto \"b\";" },
	{ "stop ends its own file only", "stop;---discard;", "discard;" },
	{ "discard ends all", "discard; stop;---keep;", "discard;" },
	{ "variables do not carry over", "set \"a\" \"x\";---fileinto \"y${a}\";",
		"fileinto \"y\";" },
	{ "flags do not carry over", "addflag \"x\";---fileinto \"a\";", "fileinto \"a\";" },
	{ "a keep of before stays", "keep :flags \"x\";---if false { discard; }",
		"keep :flags \"x\";" },
	{ "a later keep wins", "keep :flags \"x\";---keep :flags \"y\";", "keep :flags \"y\";" },
	{ "the same folder twice", "fileinto :copy \"a\";---fileinto \"a\";", "fileinto \"a\";" },
	{ "an error keeps, what went before stays", "fileinto :copy \"a\";---fileinto \"b\"; "
		"fileinto \"${x}\";---discard;",
		"fileinto \"a\";keep;!2.sieve:2: the name of the folder is empty" },
	{ "a broken file is an error at its place", "fileinto :copy \"a\";---bogus;---discard;",
		"fileinto \"a\";keep;!2.sieve:2:1: unknown command \"bogus\", expected one of "
			"mailrail-sieve(5)" },
	{ "a broken file that is not reached", "fileinto \"a\";---bogus;", "fileinto \"a\";" },
	{ "limits hold for all files", "fileinto :copy \"1\"; fileinto :copy \"2\"; fileinto "
		":copy \"3\";---fileinto :copy \"4\"; fileinto :copy \"5\"; fileinto :copy \"6\";",
		"fileinto \"1\";fileinto \"2\";fileinto \"3\";keep;!2.sieve:2: more than 5 "
			"actions (filter.max-actions)" },
};

static void test_sequences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		struct slice rest = slice_text(sequences[i].script);
		AUTO_RULESET set = { 0 };
		AUTO_FRAME frame = { 0 };
		AUTO_BUF got = { 0 };

		while (rest.len > 0) {
			ptrdiff_t at = slice_find(rest, SLICE("---"));
			struct slice one = slice_first(rest, at < 0 ? rest.len : (size_t)at);
			AUTO_BUF script = { 0 };
			char name[] = "1.sieve";

			name[0] = (char)('1' + set.count);
			buf_addf(&script, "%s", REQUIRE);
			buf_add_slice(&script, one);
			sieve_case_add(&set, name, buf_slice(&script));
			slice_skip(&rest, at < 0 ? rest.len : (size_t)at + 3);
		}
		sieve_case_run(&set, &frame, slice_text(sieve_case_message), &got);
		if (strcmp(got.ptr, sequences[i].actions) != 0)
			fail_msg("%s: got <%s>, expected <%s>", sequences[i].label, got.ptr,
				sequences[i].actions);
	}
}

/* Without an envelope the topmost Return-Path tells the sender. */
static void test_return_path(void **state)
{
	AUTO_RULESET set = { 0 };
	AUTO_FRAME frame = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	sieve_case_add(&set, "r.sieve", SLICE(REQUIRE
		"if allof (envelope :domain \"from\" \"lists.example.com\","
		"not envelope :contains \"to\" \"\") { discard; }"));
	sieve_case_run(&set, &frame, slice_text(sieve_case_message), &got);
	assert_string_equal(got.ptr, "discard;");
}

static void test_null_sender(void **state)
{
	AUTO_RULESET set = { 0 };
	AUTO_FRAME frame = { .mail_from_known = true };
	AUTO_BUF got = { 0 };

	(void)state;
	sieve_case_add(&set, "r.sieve", SLICE(REQUIRE
		"if allof (envelope :localpart \"from\" \"\", envelope :domain \"from\" \"\","
		"envelope :count \"eq\" :comparator \"i;ascii-numeric\" \"from\" \"0\")"
		"{ discard; }"));
	sieve_case_run(&set, &frame, slice_text(sieve_case_message), &got);
	assert_string_equal(got.ptr, "discard;");
}

/* Messages that are hardly messages must not fail a rule. */
static void test_odd_messages(void **state)
{
	static const char script[] = REQUIRE
		"if anyof (header :contains \"subject\" \"x\", address :contains \"from\" \"x\","
		"exists \"x\", envelope :contains \"from\" \"x\", header :matches \"a\" \"*?*?*x\","
		"header :regex \"subject\" \"x+y\") { discard; }";
	struct slice messages[] = {
		{ "", 0 },
		SLICE("\n"),
		SLICE("\n\nbody"),
		SLICE("no header at all"),
		SLICE("Subject"),
		SLICE("Subject:"),
		SLICE("Subject: \0\0\0\nFrom: \0@\0\n\n\0"),
		SLICE("Subject: \xff\xfe\nFrom: \xff@\xff\n"),
		SLICE("Subject: a\r\n b\n\tc\r\r\n\r\n"),
		SLICE(" folded first\n\n"),
		SLICE("From: \"open\nFrom: <\nFrom: @\nFrom: ((((\n\n"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		AUTO_RULESET set = { 0 };
		AUTO_FRAME frame = { 0 };
		AUTO_BUF got = { 0 };

		sieve_case_add(&set, "r.sieve", slice_text(script));
		sieve_case_run(&set, &frame, messages[i], &got);
		if (strcmp(got.ptr, "keep;") != 0)
			fail_msg("message %zu: <%s>", i, got.ptr);
	}
}

/* A field of a megabyte, and a hundred thousand fields: no rule fails, none takes long. */
static void test_large_headers(void **state)
{
	AUTO_BUF line = { 0 };
	AUTO_BUF many = { 0 };
	AUTO_RULESET set = { 0 };
	AUTO_FRAME frame = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	sieve_case_add(&set, "r.sieve", SLICE(REQUIRE
		"if allof (header :contains \"subject\" \"aaa\", not header :matches \"subject\" "
			"\"*a?ab*\","
		"not header :contains \"a\" \"zzz\", not address :contains \"to\" \"zzz\") { "
			"discard; }"));
	buf_add_text(&line, "Subject: ");
	while (line.len < 3 << 20)
		buf_add_text(&line, "aaaaaaaaaaaaaaaa");
	buf_add_text(&line, "b\n\nbody");
	sieve_case_run(&set, &frame, buf_slice(&line), &got);
	assert_string_equal(got.ptr, "discard;");
	buf_add_text(&many, "Subject: aaa\nTo: ");
	while (many.len < 390000)
		buf_add_text(&many, "a@b,");
	buf_add_text(&many, "\n");
	while (many.len < 1000000)
		buf_add_text(&many, "a:\n");
	buf_clear(&got);
	sieve_case_run(&set, &frame, buf_slice(&many), &got);
	assert_string_equal(got.ptr, "discard;");
	/* Addresses that were not looked at are not "no match". */
	buf_clear(&many);
	buf_add_text(&many, "Subject: aaa\nTo: ");
	while (many.len < 500000)
		buf_add_text(&many, "a@b,");
	buf_add_text(&many, "\n\n");
	buf_clear(&got);
	sieve_case_run(&set, &frame, buf_slice(&many), &got);
	assert_string_equal(got.ptr,
		"keep;!r.sieve:2: a field holds more than 100000 addresses");
}

/* A regular expression that never ends is an error, never "no match". */
static void test_hostile_regex(void **state)
{
	AUTO_BUF bytes = { 0 };
	AUTO_RULESET set = { 0 };
	AUTO_FRAME frame = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	sieve_case_add(&set, "r.sieve",
		SLICE(REQUIRE "if header :regex \"subject\" \"^(([a-z])+.)+[A-Z]([a-z])+$\" { }"
			      "discard;"));
	buf_add_text(&bytes, "Subject: ");
	for (size_t i = 0; i < 5000; i++)
		buf_add_byte(&bytes, 'a');
	buf_add_text(&bytes, "!\n\n");
	sieve_case_run(&set, &frame, buf_slice(&bytes), &got);
	assert_non_null(strstr(got.ptr, "keep;!r.sieve:2: regular expression given up: "));
}

/* RFC 5229 section 6: a value that is too long is cut, not an error. */
static void test_long_variable(void **state)
{
	AUTO_BUF script = { 0 };
	AUTO_RULESET set = { 0 };
	AUTO_FRAME frame = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	buf_add_text(&script, REQUIRE "set \"a\" \"\xc3\xa4\xc3\xa4\xc3\xa4\";");
	for (int i = 0; i < 30; i++)
		buf_add_text(&script, "set \"a\" \"${a}${a}\";");
	buf_add_text(&script, "set :length \"n\" \"${a}\"; fileinto \"${n}\";");
	sieve_case_add(&set, "r.sieve", buf_slice(&script));
	sieve_case_run(&set, &frame, slice_text(sieve_case_message), &got);
	assert_string_equal(got.ptr, "fileinto \"32768\";");
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_return_path),
		cmocka_unit_test(test_null_sender),
		cmocka_unit_test(test_odd_messages),
		cmocka_unit_test(test_large_headers),
		cmocka_unit_test(test_hostile_regex),
		cmocka_unit_test(test_long_variable),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
