/*
 * score and weight (vnd.mailrail.score): procmail's weighted conditions, procmailsc(5).
 *
 *	score [ :output VARIABLE ] ( TEST, ... )       all that have no weight, and a sum above 0
 *	weight "w^x" TEST                              a member of such a list
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/program.h"
#include "filter/keys.h"
#include "filter/programs/call.h"
#include "filter/score/count.h"
#include "filter/score/raw_text.h"
#include "filter/tests/raw.h"
#include "filter/tests/size.h"
#include "filter/tests/test.h"

enum { TAG_OUTPUT };

static const struct tag tags[] = {
	[TAG_OUTPUT] = { "output", CAPABILITY_VARIABLES, 0, VALUE_STRING },
	{ NULL, 0, 0, VALUE_NONE },
};

static int weigh_regexes(struct weighing *g, struct keys *keys, struct slice text)
{
	bool caseless = keys->node->match.comparator != COMPARE_OCTET;
	struct fault why;

	for (size_t i = 0; i < keys->count; i++) {
		if (count_regex(g, keys->at[i], caseless, text, &why) < 0)
			return run_fail(keys->run, "%s", why.text);
	}
	return 0;
}

static int weigh_texts(struct weighing *g, struct keys *keys, struct slice text)
{
	AUTO_BUF folded = { 0 };

	if (keys_fold(keys->node)) {
		keys_fold_text(keys->node, text, false, &folded);
		text = buf_slice(&folded);
	}
	for (size_t i = 0; i < keys->count; i++)
		count_text(g, keys->at[i], text);
	return 0;
}

/* How often a "raw" is found. */
static int weigh_raw(struct run *run, struct weighing *g, const struct node *raw)
{
	AUTO_KEYS keys = { 0 };
	AUTO_BUF text = { 0 };

	if (keys_start(&keys, run, raw, &raw->strings[0]) < 0 ||
		raw_text(run, raw_parts(raw), COUNT_TEXT_MAX, &text) < 0)
		return -1;
	return raw->match.type == MATCH_REGEX ? weigh_regexes(g, &keys, buf_slice(&text))
					      : weigh_texts(g, &keys, buf_slice(&text));
}

static bool counts(const struct node *test)
{
	return test->word == &test_raw &&
		(test->match.type == MATCH_REGEX || test->match.type == MATCH_CONTAINS);
}

static int weigh_program(struct run *run, struct weighing *g, const struct node *test,
	bool negated)
{
	int status = 0;

	if (program_status(run, test, &status) < 0)
		return -1;
	weighing_exit(g, status, negated);
	return 0;
}

static int weigh(struct run *run, struct weighing *g, const struct node *test)
{
	bool negated = false;
	const struct node *inner = test;
	int got;

	for (; inner->word == &test_not; inner = inner->tests)
		negated = !negated;
	if (counts(inner) && !negated)
		return weigh_raw(run, g, inner);
	if (inner->word == &test_program)
		return weigh_program(run, g, inner, negated);
	if (inner->word == &test_size) {
		weighing_size(g, run->message->size, inner->number,
			size_is_over(inner) != negated);
		return 0;
	}
	got = evaluate_test(run, test);
	if (got >= 0)
		weighing_test(g, got == 1);
	return got < 0 ? -1 : 0;
}

static int add_weight(struct run *run, struct score *score, const struct node *node)
{
	struct weight weight = { 0 };
	struct weighing g;

	if (score_full(score))
		return 0;
	weight_read(node->strings[0].at->text, &weight);
	weighing_start(&g, score, &weight);
	if (weigh(run, &g, node->tests) < 0)
		return -1;
	weighing_end(&g);
	return 0;
}

static void keep(struct run *run, const struct node *node, const struct score *score)
{
	AUTO_BUF text = { 0 };

	buf_addf(&text, "%ld", score_number(score));
	run_note(run, "the score is %s", text.ptr);
	if (node->tags & 1U << TAG_OUTPUT)
		buf_swap(&run->variables[node->variable], &text);
}

static int test_sum(struct run *run, const struct node *node)
{
	struct score score = { 0 };
	bool all = true;

	for (const struct node *test = node->tests; test && all && !score.lost; test = test->next) {
		int got = 1;

		if (test->word == &test_weight)
			got = add_weight(run, &score, test) < 0 ? -1 : 1;
		else
			got = evaluate_test(run, test);
		if (got < 0)
			return -1;
		all = got == 1;
	}
	keep(run, node, &score);
	return all && score_holds(&score);
}

/* A weight is no test of its own: this takes those that stand in the list. */
static int check_score(struct checker *checker, struct node *node)
{
	for (const struct node *test = node->tests; test; test = test->next)
		checker->loose_weights -= test->word == &test_weight;
	return call_check_output(checker, node, TAG_OUTPUT);
}

static int check_weight(struct checker *checker, struct node *node)
{
	const struct template *text = node->strings[0].at;
	struct weight weight;

	checker->loose_weights++;
	if (weight_read(text->text, &weight))
		return 0;
	return checker_complain_at(checker, text,
		"\"%.*s\" is no weight, expected two numbers: \"1000^0.75\"",
		SLICE_ARG(slice_first(text->text, 40)));
}

static int test_one(struct run *run, const struct node *node)
{
	(void)node;
	return run_fail(run, "\"weight\" stands outside of \"score\"");
}

const struct word test_score = {
	.name = "score",
	.capability = CAPABILITY_SCORE,
	.tags = tags,
	.tests = TESTS_LIST,
	.check = check_score,
	.test = test_sum,
};

const struct word test_weight = {
	.name = "weight",
	.capability = CAPABILITY_SCORE,
	.positions = "c",
	.tests = TESTS_ONE,
	.check = check_weight,
	.test = test_one,
};
