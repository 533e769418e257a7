/*
 * The grammar of Sieve (RFC 5228 section 8.2), its mistakes, and how parsing goes on.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/language/parser.h"

static struct script *parse(struct slice source)
{
	struct script *script = mem_zero(1, sizeof(*script));

	buf_reserve(&script->source, source.len);
	buf_add_slice(&script->source, source);
	parser_parse(script);
	return script;
}

static void drop(struct script *script)
{
	arena_free(&script->arena);
	arena_free(&script->scratch);
	buf_free(&script->source);
	problems_clear(&script->problems);
	free(script);
}

static void describe(const struct node *node, struct buf *out)
{
	for (; node; node = node->next) {
		buf_addf(out, "%.*s", SLICE_ARG(node->name));
		for (size_t i = 0; i < node->argument_count; i++) {
			const struct argument *a = &node->arguments[i];

			if (a->kind == ARGUMENT_TAG)
				buf_addf(out, " :%.*s", SLICE_ARG(a->name));
			else if (a->kind == ARGUMENT_NUMBER)
				buf_addf(out, " %u", (unsigned)a->number);
			else
				buf_addf(out, " %s%zu", a->bracketed ? "list" : "str",
					a->strings.count);
		}
		if (node->test_list || node->tests) {
			buf_add_text(out, node->test_list ? " (" : " <");
			describe(node->tests, out);
			buf_add_text(out, node->test_list ? ")" : ">");
		}
		if (node->has_block) {
			buf_add_text(out, " {");
			describe(node->block, out);
			buf_add_text(out, "}");
		}
		buf_add_text(out, ";");
	}
}

static const struct {
	const char *label;
	struct slice script;
	const char *tree; /* and behind "!" the problems */
} rows[] = {
	{ "nothing", { "", 0 }, "" },
	{ "a command", SLICE("keep;"), "keep;" },
	{ "arguments", SLICE("a \"x\" [\"y\",\"z\"] 5 :t;"), "a str1 list2 5 :t;" },
	{ "a test", SLICE("if true { }"), "if <true;> {};" },
	{ "tests", SLICE("if allof (a, not b 1) { c; d; }"),
		"if <allof (a;not <b 1;>;);> {c;d;};" },
	{ "blocks", SLICE("a { b { c; } d; } e;"), "a {b {c;};d;};e;" },
	/* what is wrong */
	{ "no semicolon at the end", SLICE("keep"), "keep;!1:5 missing \";\" behind "
		"\"keep\"" },
	{ "open block", SLICE("if true {\n keep;"), "if <true;> {keep;};!2:7 unexpected end of "
		"the file, expected \"}\" for the block opened in line 1" },
	{ "brace too many", SLICE("keep; } stop;"), "keep;stop;!1:7 unexpected \"}\", expected a "
		"command" },
	{ "open list", SLICE("a [\"x\"; b;"), "a list1;b;!1:7 unexpected \";\", expected \",\" "
		"or \"]\" in the list of strings" },
	{ "empty list", SLICE("a []; b;"), "a list0;b;!1:4 unexpected \"]\", expected a string "
		"in the list" },
	{ "comma at the end", SLICE("a [\"x\",];"), "a list1;!1:8 unexpected \"]\", expected a "
		"string in the list" },
	{ "empty test list", SLICE("if allof () {} b;"),
		"if <allof ();>;b;!1:11 unexpected \")\", expected a test" },
	{ "open test list", SLICE("if allof (a {} b;"),
		"if <allof (a;);>;b;!1:13 unexpected \"{\", expected \",\" or \")\" in the list "
		"of tests" },
	{ "only a semicolon", SLICE(";"), "!1:1 unexpected \";\", expected a command" },
	{ "a string first", SLICE("\"a\" b;"), "!1:1 unexpected a string, expected a command" },
	{ "two mistakes", SLICE("a [;\nb;\nc ];"), "a list0;b;c;!1:4 unexpected \";\", expected "
		"a string in the list!3:3 unexpected \"]\", expected \";\"" },
	{ "goes on behind a block", SLICE("a ] { b; c { d; } } e;"),
		"a;e;!1:3 unexpected \"]\", expected \";\"" },
	{ "inside a block", SLICE("a { b ]; c; } d;"), "a {b;c;};d;!1:7 unexpected \"]\", "
		"expected \";\"" },
	{ "open string", SLICE("keep;\nfileinto \"x;\n"),
		"keep;fileinto;!2:10 string without end, expected a closing quote" },
	{ "test without block: the checker's", SLICE("if true keep;"), "if <true <keep;>;>;" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct script *script = parse(rows[i].script);
		AUTO_BUF got = { 0 };

		describe(script->commands, &got);
		for (size_t p = 0; p < script->problems.count; p++)
			buf_addf(&got, "!%u:%u %s", script->problems.at[p].line,
				script->problems.at[p].column, script->problems.at[p].text);
		drop(script);
		if (strcmp(buf_text(&got), rows[i].tree) != 0)
			fail_msg("%s: got <%s>", rows[i].label, buf_text(&got));
	}
}

static void repeat(struct buf *out, const char *text, int count)
{
	while (count-- > 0)
		buf_add_text(out, text);
}

/* RFC 5228 2.10.7 asks for 15 levels; 20,000 are told, not followed. */
static void test_depth(void **state)
{
	static const char *const open[] = { "if true {", "if not ", "if not not (" };

	(void)state;
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		AUTO_BUF source = { 0 };
		struct script *script;

		repeat(&source, open[i], 20000);
		script = parse(buf_slice(&source));
		assert_true(script->problems.count > 0);
		drop(script);
	}
	for (int depth = 60; depth <= 70; depth += 10) {
		AUTO_BUF source = { 0 };
		struct script *script;

		repeat(&source, "if true {", depth);
		repeat(&source, "}", depth);
		script = parse(buf_slice(&source));
		assert_int_equal(script->problems.count, depth == 60 ? 0 : 1);
		drop(script);
	}
}

/* Ten thousand rules, and hostile megabytes: time must not grow faster than length. */
static void test_long(void **state)
{
	static const char *const fill[] = { "[", "a [", "(", "\"x\" ", ";", "}", "{", "a;",
		"a b c " };

	(void)state;
	for (size_t i = 0; i < sizeof(fill) / sizeof(fill[0]); i++) {
		AUTO_BUF source = { 0 };

		while (source.len < 1 << 20)
			buf_add_text(&source, fill[i]);
		drop(parse(buf_slice(&source)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
