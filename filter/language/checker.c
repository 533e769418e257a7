/*
 * What may stand where: see checker.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/checker.h"

#include "filter/language/arguments.h"
#include "filter/language/foreign.h"
#include "filter/language/hint.h"
#include "filter/language/vocabulary.h"

static int check_test(struct checker *checker, struct node *node);
static void check_block(struct checker *checker, struct node *first);

static int unknown(struct checker *checker, const struct node *node, bool command)
{
	const char *near = command ? vocabulary_near_command(node->name)
				   : vocabulary_near_test(node->name);
	bool other = command ? vocabulary_test(node->name) != NULL
			     : vocabulary_command(node->name) != NULL;
	const char *what = command ? "command" : "test";
	struct slice name = slice_first(node->name, 40);
	const char *hint = hint_word(node->name);

	if (hint)
		return checker_complain(checker, node, "unknown %s \"%.*s\", expected %s", what,
			SLICE_ARG(name), hint);
	if (other)
		return checker_complain(checker, node, "\"%.*s\" is a %s, expected a %s",
			SLICE_ARG(name), command ? "test" : "command", what);
	if (near)
		return checker_complain(checker, node,
			"unknown %s \"%.*s\", expected perhaps \"%s\"", what, SLICE_ARG(name),
				near);
	return checker_complain(checker, node,
		"unknown %s \"%.*s\", expected one of mailrail-sieve(5)",
		what, SLICE_ARG(name));
}

/* "else if", "header :is ... and ...", "header is ...": what was meant. */
static bool told_hint(struct checker *checker, const struct node *node)
{
	const struct node *test = node->tests;
	const char *hint = hint_word(test->name);
	bool branch = node->word->uses & IS_BRANCH && slice_is_case(test->name, "if");

	if (branch)
		hint = "\"elsif\"";
	if (!hint)
		return false;
	checker_complain(checker, test, "unexpected \"%.*s\", expected %s",
		SLICE_ARG(slice_first(test->name, 40)), hint);
	return true;
}

static int check_tests(struct checker *checker, struct node *node)
{
	const struct word *word = node->word;
	int result = 0;

	if (word->tests == TESTS_NONE && node->tests && !word->block && word->run)
		return checker_complain(checker, node->tests,
			"unexpected \"%.*s\", expected \";\" behind \"%s\"",
			SLICE_ARG(slice_first(node->tests->name, 40)), word->name);
	if (word->tests == TESTS_NONE && (node->tests || node->test_list))
		return checker_complain(checker, node, "\"%s\" takes no test", word->name);
	if (word->tests == TESTS_ONE && (!node->tests || node->test_list))
		return checker_complain(checker, node,
			"\"%s\" expected one test, without parentheses", word->name);
	if (word->tests == TESTS_LIST && !node->test_list)
		return checker_complain(checker, node,
			"\"%s\" expected tests in parentheses", word->name);
	for (struct node *test = node->tests; test; test = test->next) {
		if (check_test(checker, test) < 0)
			result = -1;
	}
	return result;
}

static int check_word(struct checker *checker, struct node *node)
{
	const struct word *word = node->word;
	struct script *script = checker->script;

	if (word->capability && !(script->capabilities & word->capability))
		return checker_complain(checker, node, "\"%s\" expected require \"%s\" at the top",
			word->name, vocabulary_capability_name(word->capability));
	if (word->tests == TESTS_NONE && node->tests && told_hint(checker, node))
		return -1;
	script->needs |= word->needs;
	node->late |= word->capability & script->asked;
	if (arguments_check(checker, node) < 0)
		return -1;
	if (check_tests(checker, node) < 0)
		return -1;
	return word->check ? word->check(checker, node) : 0;
}

/* RFC 5463: behind an "ihave" for what nobody knows, what is wrong is so when it is run. */
static int forgive(struct checker *checker, struct node *node, size_t problems, int result)
{
	struct script *script = checker->script;

	if (!script->foreign || script->problems.count == problems)
		return result;
	problems_cut(&script->problems, problems);
	node->word = &foreign_word;
	return 0;
}

static int check_test(struct checker *checker, struct node *node)
{
	size_t problems = checker->script->problems.count;
	int result;

	node->word = vocabulary_test(node->name);
	result = node->word ? check_word(checker, node) : unknown(checker, node, false);
	return forgive(checker, node, problems, result);
}

static int check_command_word(struct checker *checker, struct node *node)
{
	node->word = vocabulary_command(node->name);
	if (!node->word)
		return unknown(checker, node, true);
	if (node->word->block != node->has_block)
		return checker_complain(checker, node,
			node->has_block ? "\"%s\" takes no block, expected \";\""
					: "\"%s\" expected a block: { ... }",
			node->word->name);
	return check_word(checker, node);
}

static void check_command(struct checker *checker, struct node *node)
{
	size_t problems = checker->script->problems.count;
	int result = check_command_word(checker, node);

	if (checker->loose_weights > 0 && result == 0)
		result = checker_complain(checker, node,
			"\"weight\" stands alone, expected \"score (weight ..., ...)\" around it");
	checker->loose_weights = 0;
	forgive(checker, node, problems, result);
}

/* The block of a command; what is in that of a loop knows that loop. */
static void check_inner(struct checker *checker, const struct node *node)
{
	bool loop = node->word && node->word->uses & IS_LOOP;

	if (loop)
		checker->loops[checker->loop_count++] = node;
	check_block(checker, node->block);
	if (loop)
		checker->loop_count--;
}

static void check_block(struct checker *checker, struct node *first)
{
	checker->previous = NULL;
	for (struct node *node = first; node; node = node->next) {
		check_command(checker, node);
		if (!slice_is_case(node->name, "require"))
			checker->require_over = true;
		if (node->has_block)
			check_inner(checker, node);
		checker->previous = node->word;
	}
}

void checker_check(struct script *script)
{
	struct checker checker = { .script = script };

	check_block(&checker, script->commands);
}
