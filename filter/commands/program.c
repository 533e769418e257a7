/*
 * program (vnd.mailrail.program), as command and as test: what procmail's `? cmd` and
 * `VAR=|cmd` do. The program reads the message, its header or body, or a text; its exit
 * status is compared with :exit (0).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/program.h"

#include "filter/commands/command.h"
#include "filter/programs/call.h"
#include "filter/tests/test.h"

enum { TAG_INPUT = CALL_TAGS, TAG_EXIT, TAG_OUTPUT };

static const struct tag tags[] = {
	CALL_ROWS,
	[TAG_INPUT] = { "input", 0, 1, VALUE_STRING },
	[TAG_EXIT] = { "exit", 0, 0, VALUE_NUMBER },
	[TAG_OUTPUT] = { "output", CAPABILITY_VARIABLES, 0, VALUE_STRING },
	{ NULL, 0, 0, VALUE_NONE },
};

static uint64_t wanted(const struct node *node)
{
	return node->tags & 1U << TAG_EXIT ? node->tag_values[TAG_EXIT].number : 0;
}

static int check_program(struct checker *checker, struct node *node)
{
	if (call_check(checker, node) < 0 || call_check_output(checker, node, TAG_OUTPUT) < 0)
		return -1;
	if (wanted(node) > 128)
		return checker_complain(checker, node,
			"\":exit\" expected an exit status from 0 to 128");
	if (!(node->tags & 1U << TAG_INPUT))
		checker->script->needs |= NEEDS_BODY;
	return 0;
}

/* 1: as wanted, 0: another exit status, -1. */
static int program(struct run *run, const struct node *node, struct program_answer *answer)
{
	AUTO_CALL call = { 0 };
	AUTO_BUF room = { 0 };
	struct slice text;

	if (call_start(&call, run, node, true) < 0)
		return -1;
	call.question.output = node->tags & 1U << TAG_OUTPUT;
	if (!(node->tags & 1U << TAG_INPUT)) {
		call_give_message(&call, run, true);
	} else {
		if (run_expand(run, node->tag_values[TAG_INPUT].strings.at, &room, &text) < 0)
			return -1;
		call_give_text(&call, text);
	}
	if (call_run(&call, run, answer) < 0)
		return -1;
	call_saw(run, answer);
	/* procmail takes the output whatever the status was; so do we. */
	if (call.question.output && call_keep_output(run, node->variable, answer, true) < 0)
		return -1;
	return (uint64_t)answer->status == wanted(node);
}

int program_status(struct run *run, const struct node *node, int *status)
{
	AUTO_PROGRAM_ANSWER answer = PROGRAM_ANSWER_NONE;

	if (program(run, node, &answer) < 0)
		return -1;
	*status = answer.status;
	return 0;
}

static int test_program_run(struct run *run, const struct node *node)
{
	AUTO_PROGRAM_ANSWER answer = PROGRAM_ANSWER_NONE;

	return program(run, node, &answer);
}

static int run_program(struct run *run, const struct node *node)
{
	AUTO_PROGRAM_ANSWER answer = PROGRAM_ANSWER_NONE;
	AUTO_BUF failure = { 0 };
	int got = program(run, node, &answer);

	if (got != 0)
		return got < 0 ? -1 : 0;
	call_put_failure(node, &answer, &failure);
	return run_fail(run, "%s", failure.ptr);
}

const struct word command_program = {
	.name = "program",
	.capability = CAPABILITY_PROGRAM,
	.tags = tags,
	.positions = CALL_POSITIONS,
	.check = check_program,
	.run = run_program,
};

const struct word test_program = {
	.name = "program",
	.capability = CAPABILITY_PROGRAM,
	.tags = tags,
	.positions = CALL_POSITIONS,
	.check = check_program,
	.test = test_program_run,
};
