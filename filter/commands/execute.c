/*
 * execute (vnd.dovecot.execute, spec-bosch-sieve-pipe section 7), as command and as test.
 *
 * As a command a program that fails fails the script, which section 7 leaves open: what it
 * did or printed was meant to matter. As a test its exit status is the answer.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/command.h"
#include "filter/programs/call.h"
#include "filter/tests/test.h"

enum { TAG_INPUT, TAG_PIPE, TAG_OUTPUT };

static const struct tag tags[] = {
	[TAG_INPUT] = { "input", 0, 1, VALUE_STRING },
	[TAG_PIPE] = { "pipe", 0, 1, VALUE_NONE },
	[TAG_OUTPUT] = { "output", CAPABILITY_VARIABLES, 0, VALUE_STRING },
	{ NULL, 0, 0, VALUE_NONE },
};

static int check_execute(struct checker *checker, struct node *node)
{
	if (call_check(checker, node) < 0)
		return -1;
	if (node->tags & 1U << TAG_PIPE)
		checker->script->needs |= NEEDS_BODY;
	return call_check_output(checker, node, TAG_OUTPUT);
}

static int execute(struct run *run, const struct node *node, struct program_answer *answer)
{
	AUTO_CALL call = { 0 };
	AUTO_BUF room = { 0 };
	struct slice text;

	if (call_start(&call, run, node, false) < 0)
		return -1;
	call.question.output = node->tags & 1U << TAG_OUTPUT;
	if (node->tags & 1U << TAG_PIPE)
		call_give_message(&call, run, false);
	if (node->tags & 1U << TAG_INPUT) {
		if (run_expand(run, node->tag_values[TAG_INPUT].strings.at, &room, &text) < 0)
			return -1;
		call_give_text(&call, text);
	}
	if (call_run(&call, run, answer) < 0)
		return -1;
	if (answer->status == 0 && call.question.output)
		return call_keep_output(run, node->variable, answer, false);
	return 0;
}

static int test_execute_run(struct run *run, const struct node *node)
{
	AUTO_PROGRAM_ANSWER answer = PROGRAM_ANSWER_NONE;

	if (execute(run, node, &answer) < 0)
		return -1;
	call_saw(run, &answer);
	return answer.status == 0;
}

static int run_execute(struct run *run, const struct node *node)
{
	AUTO_PROGRAM_ANSWER answer = PROGRAM_ANSWER_NONE;
	AUTO_BUF failure = { 0 };

	if (execute(run, node, &answer) < 0)
		return -1;
	if (answer.status == 0)
		return 0;
	call_put_failure(node, &answer, &failure);
	return run_fail(run, "%s", failure.ptr);
}

const struct word command_execute = {
	.name = "execute",
	.capability = CAPABILITY_EXECUTE,
	.tags = tags,
	.positions = CALL_POSITIONS,
	.check = check_execute,
	.run = run_execute,
};

const struct word test_execute = {
	.name = "execute",
	.capability = CAPABILITY_EXECUTE,
	.tags = tags,
	.positions = CALL_POSITIONS,
	.check = check_execute,
	.test = test_execute_run,
};
