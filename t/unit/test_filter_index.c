/*
 * Random rule sets over random messages: with an index and without, the same is decided.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/index/index.h"
#include "filter/index/tables.h"
#include "t/unit/sieve_case.h"

static uint32_t seed = 3;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % limit;
}

#define ONE_OF(list) (list)[random_below(sizeof(list) / sizeof((list)[0]))]

/* Few words, so that keys are found now and then, and some that need care. */
static const char *const words[] = { "a", "ab", "sky", "List", "example", "org", "b", "x y",
	"SKY", "@", ".", "\xc5\xbfky", "s\xe2\x84\xaay", "\xc3\xa4", "=?utf-8?q?sky=20list?=" };

static const char *const names[] = { "\"subject\"", "\"from\"", "\"to\"", "[\"to\", \"cc\"]",
	"[\"List-Id\", \"x\", \"subject\"]", "\"X\"", "\"no name\"" };
static const char *const address_names[] = { "\"from\"", "\"to\"", "[\"to\", \"cc\"]" };
static const char *const parts[] = { "", ":localpart ", ":domain ", ":all ", ":user " };
static const char *const types[] = { ":is ", ":contains ", ":contains ", ":matches ",
	":regex ", ":count \"ge\" ", ":value \"gt\" " };
static const char *const comparators[] = { "", "", ":comparator \"i;octet\" " };

static void put_word(struct buf *out)
{
	buf_add_text(out, ONE_OF(words));
}

static void put_key(struct buf *out, const char *type)
{
	static const char *const regexes[] = { "sky|list", "s.y", "(ab|a)+", "^exam", "org$",
		"[ab]x?list", ".*", "k+", "(a+)+$", "\\\\bsky\\\\b", "(?i)EXAMPLE",
		"(x|)y", "a{2}", "(?=s)sky" };
	static const char *const globs[] = { "*sky*", "list*", "*", "*a?b*", "?", "*\\\\**",
		"*exa*org", "" };

	buf_add_byte(out, '"');
	if (strstr(type, "count"))
		buf_addf(out, "%u", random_below(3));
	else if (strstr(type, "regex"))
		buf_add_text(out, ONE_OF(regexes));
	else if (strstr(type, "matches"))
		buf_add_text(out, ONE_OF(globs));
	else if (random_below(12) == 0)
		buf_add_text(out, "${1}");
	else if (random_below(20) != 0)
		put_word(out);
	buf_add_byte(out, '"');
}

static void put_keys(struct buf *out, const char *type)
{
	uint32_t count = 1 + random_below(3);

	buf_add_byte(out, '[');
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_byte(out, ',');
		put_key(out, type);
	}
	buf_add_byte(out, ']');
}

static void put_values_test(struct buf *out)
{
	const char *type = ONE_OF(types);
	const char *comparator = strstr(type, "count") ? "" : ONE_OF(comparators);

	switch (random_below(4)) {
	case 0:
		buf_addf(out, "address %s%s%s%s ", ONE_OF(parts), type, comparator,
			ONE_OF(address_names));
		break;
	case 1:
		buf_addf(out, "envelope %s%s%s\"%s\" ", ONE_OF(parts), type, comparator,
			random_below(2) ? "from" : "to");
		break;
	default:
		buf_addf(out, "header %s%s%s ", type, comparator, ONE_OF(names));
	}
	put_keys(out, type);
}

static void put_test(struct buf *out, unsigned depth)
{
	static const char *const others[] = { "true", "false", "exists \"x\"", "size :over 100",
		"string :is \"${1}\" \"sky\"", "hasflag \"f\"", "mailboxexists \"there\"",
		"mailboxexists \"broken\"" };
	uint32_t which = random_below(depth < 3 ? 16 : 8);

	if (which < 7) {
		put_values_test(out);
	} else if (which < 8) {
		buf_add_text(out, ONE_OF(others));
	} else if (which < 10) {
		buf_add_text(out, "not ");
		put_test(out, depth + 1);
	} else {
		uint32_t count = 1 + random_below(3);

		buf_addf(out, "%s (", which % 2 ? "anyof" : "allof");
		for (uint32_t i = 0; i < count; i++) {
			if (i > 0)
				buf_add_text(out, ", ");
			put_test(out, depth + 1);
		}
		buf_add_byte(out, ')');
	}
}

static void put_block(struct buf *out, unsigned depth, uint32_t count);

static void put_command(struct buf *out, unsigned depth)
{
	static const char *const commands[] = { "stop;", "keep;", "discard;", "set \"v\" \"${1}\";",
		"addflag \"f\";", "fileinto \"c${1}\";", "fileinto :copy \"${v}x\";",
		"addheader \"X\" \"sky\";", "deleteheader \"subject\";",
		"addheader \"List-Id\" \"${0}\";" };
	uint32_t which = random_below(10);

	if (which > 1 || depth > 2) {
		buf_addf(out, "addflag \"n%u\";", random_below(1000));
		if (which < 4)
			buf_add_text(out, ONE_OF(commands));
		return;
	}
	put_block(out, depth + 1, 1 + random_below(4));
}

static void put_block(struct buf *out, unsigned depth, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t branches = random_below(3);

		if (random_below(8) == 0) {
			put_command(out, depth);
			continue;
		}
		buf_add_text(out, "if ");
		put_test(out, 0);
		buf_add_text(out, " { ");
		put_command(out, depth);
		for (uint32_t k = 0; k < branches; k++) {
			buf_add_text(out, " } elsif ");
			put_test(out, 0);
			buf_add_text(out, " { ");
			put_command(out, depth);
		}
		if (random_below(5) == 0) {
			buf_add_text(out, " } else { ");
			put_command(out, depth);
		}
		buf_add_text(out, " }\n");
	}
}

static void put_message(struct buf *out)
{
	static const char *const fields[] = { "Subject", "From", "To", "Cc", "List-Id", "X" };
	uint32_t count = random_below(8);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t parts_count = random_below(5);

		buf_addf(out, "%s: ", ONE_OF(fields));
		for (uint32_t k = 0; k < parts_count; k++) {
			put_word(out);
			buf_add_text(out, random_below(3) ? " " : "");
		}
		if (random_below(3) == 0)
			buf_add_text(out, ", sky@List.example.org");
		if (random_below(200) == 0) {
			for (int k = 0; k < 9000; k++)
				buf_add_text(out, "abcdefgh");
		}
		buf_add_byte(out, '\n');
	}
	buf_add_text(out, "\nbody\n");
}

static const char require[] =
	"require [\"fileinto\",\"variables\",\"envelope\",\"relational\",\"regex\",\"mailbox\","
	"\"subaddress\",\"imap4flags\",\"copy\",\"editheader\"];\n";

static void decide(const struct ruleset *set, struct slice message, struct buf *out)
{
	AUTO_FRAME frame = { 0 };

	buf_add_text(&frame.mail_from, "sky@example.org");
	frame.mail_from_known = true;
	strings_add(&frame.rcpt_to, SLICE("list@x.example"));
	buf_clear(out);
	sieve_case_run(set, &frame, message, out);
}

/* The same script twice, one without an index; several messages over each. */
static size_t one_script(void)
{
	enum { MESSAGES = 12 };
	struct buf messages[MESSAGES] = { 0 };
	struct buf plain[MESSAGES] = { 0 };
	AUTO_BUF script = { 0 };
	AUTO_RULESET set = { 0 };
	size_t kept = 0;

	buf_add_text(&script, require);
	put_block(&script, 0, 1 + random_below(14));
	sieve_case_add(&set, "r.sieve", buf_slice(&script));
	if (set.scripts[0]->problems.count > 0)
		fail_msg("%s\n%s", set.scripts[0]->problems.at[0].text, script.ptr);
	for (size_t i = 0; i < MESSAGES; i++) {
		AUTO_RULESET fresh = { 0 };

		put_message(&messages[i]);
		sieve_case_add(&fresh, "r.sieve", buf_slice(&script));
		decide(&fresh, buf_slice(&messages[i]), &plain[i]);
	}
	index_make(set.scripts[0]->index);
	for (size_t i = 0; i < MESSAGES; i++) {
		AUTO_BUF got = { 0 };

		decide(&set, buf_slice(&messages[i]), &got);
		if (strcmp(got.ptr, plain[i].ptr) != 0)
			fail_msg("with an index: %s\nwithout: %s\n%s\n%.2000s", got.ptr, plain[i].ptr,
				script.ptr, messages[i].ptr);
		kept += strcmp(got.ptr, "keep;") != 0;
		buf_free(&messages[i]);
		buf_free(&plain[i]);
	}
	return kept;
}

static void test_random(void **state)
{
	size_t something = 0;

	(void)state;
	for (int i = 0; i < 400; i++)
		something += one_script();
	/* A test in which nothing is ever decided shows nothing. */
	assert_true(something > 1500);
}

/* What fails without an index fails with one, though its text is absent. */
static void test_failures(void **state)
{
	static const struct {
		const char *field;
		const char *piece;
		const char *test;
		const char *want;
	} rows[] = {
		{ "Subject", "abcdefg ", "header :regex \"subject\" \"sky\"",
			"keep;!r.sieve:2: a text of 479999 bytes is too long for a regular "
			"expression (65536)" },
		{ "To", "a@b,a@b,", "address \"to\" \"sky@x.org\"",
			"keep;!r.sieve:2: a field holds more than 100000 addresses" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF message = { 0 };
		AUTO_BUF script = { 0 };
		AUTO_BUF got = { 0 };
		AUTO_RULESET set = { 0 };

		buf_addf(&message, "%s: ", rows[i].field);
		for (int k = 0; k < 60000; k++)
			buf_add_text(&message, rows[i].piece);
		buf_add_text(&message, "\n\n");
		buf_addf(&script, "%sif %s { discard; }", require, rows[i].test);
		sieve_case_add(&set, "r.sieve", buf_slice(&script));
		decide(&set, buf_slice(&message), &got);
		assert_string_equal(got.ptr, rows[i].want);
		index_make(set.scripts[0]->index);
		decide(&set, buf_slice(&message), &got);
		assert_string_equal(got.ptr, rows[i].want);
	}
}

/* Which conditions have guards: as many of these, one for each line, as should have. */
static const struct {
	const char *label;
	const char *tests; /* as many scripts as lines */
	size_t guarded;
} guards[] = {
	{ "each match type", "header :is \"x\" \"a\"\nheader :contains \"x\" \"a\"\n"
		"header :matches \"x\" \"*a*\"\nheader :regex \"x\" \"ab*\"", 4 },
	{ "address and envelope", "address :domain \"to\" \"a\"\nenvelope \"from\" \"a\"", 2 },
	{ "nothing to look for", "header :contains \"x\" \"\"\nheader :matches \"x\" \"*\"\n"
		"header :regex \"x\" \".*\"\ntrue", 0 },
	{ "numbers and counts", "header :count \"ge\" \"x\" \"1\"\n"
		"header :value \"ge\" \"x\" \"1\"", 0 },
	{ "not", "not header :is \"x\" \"a\"", 0 },
	{ "anyof: each", "anyof (header \"x\" \"a\", header \"y\" \"b\")", 1 },
	{ "anyof: one has none", "anyof (header \"x\" \"a\", true)", 0 },
	{ "allof: the first", "allof (header \"x\" \"a\", mailboxexists \"b\")", 1 },
	{ "allof: behind a quiet one", "allof (not header \"x\" \"a\", header \"x\" \"b\")", 1 },
	{ "allof: behind a question", "allof (mailboxexists \"b\", header \"x\" \"a\")", 0 },
	{ "allof: behind a capture", "allof (header :matches \"x\" \"*\", header \"x\" \"a\")", 0 },
	{ "keys of variables", "header \"x\" [\"a\", \"${v}\"]\nheader \"${v}\" \"a\"", 0 },
	{ "size, exists, false", "size :over 1\nexists \"x\"\nfalse", 1 },
};

static void test_guards(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
		struct slice rest = slice_text(guards[i].tests), line;
		AUTO_BUF script = { 0 };
		AUTO_RULESET set = { 0 };
		struct tables *tables;
		size_t lines = 0;

		buf_addf(&script, "%sif header \"z\" \"z\" { keep; }\n", require);
		for (; slice_cut(&rest, '\n', &line); lines++)
			buf_addf(&script, "if %.*s { keep; }\n", SLICE_ARG(line));
		sieve_case_add(&set, "r.sieve", buf_slice(&script));
		assert_int_equal(set.scripts[0]->problems.count, 0);
		tables = tables_build(set.scripts[0], 1);
		assert_non_null(tables);
		/* All steps are "require", the first "if", and the lines. */
		if (tables->step_count - tables->always_count != guards[i].guarded + 1 ||
			tables->step_count != lines + 2)
			fail_msg("%s: %zu of %zu steps have a guard", guards[i].label,
				tables->step_count - tables->always_count, tables->step_count);
		tables_free(tables);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_guards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
