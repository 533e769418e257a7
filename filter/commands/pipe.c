/*
 * pipe (vnd.dovecot.pipe, spec-bosch-sieve-pipe section 5): the message goes to a program.
 *
 * An action: mr-deliver runs the program, when the files are in place. With
 * vnd.mailrail.program it gets the header or body alone, under a named lock, for so long.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/action_common.h"
#include "filter/commands/command.h"
#include "filter/programs/call.h"

enum { TAG_COPY = CALL_TAGS, TAG_TRY };

static const struct tag tags[] = {
	CALL_ROWS,
	[TAG_COPY] = { "copy", CAPABILITY_COPY, 0, VALUE_NONE },
	[TAG_TRY] = { "try", 0, 0, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

/* LIMIT: bytes of all arguments: three for each are far from the end of a stream's line. */
enum { ARGUMENTS_BYTES_MAX = 256 << 10 };

static int check_pipe(struct checker *checker, struct node *node)
{
	return call_check(checker, node);
}

static bool pipes_to(const struct outcome *o, const char *name)
{
	for (size_t i = 0; i < o->count; i++) {
		if (o->actions[i].kind == ACTION_PIPE && strcmp(o->actions[i].target, name) == 0)
			return true;
	}
	return false;
}

static size_t all_bytes(const struct strings *list)
{
	size_t sum = 0;

	for (size_t i = 0; i < list->count; i++)
		sum += strlen(list->at[i]);
	return sum;
}

static int run_pipe(struct run *run, const struct node *node)
{
	AUTO_CALL call = { 0 };
	struct action action = { .kind = ACTION_PIPE };

	if (call_start(&call, run, node, true) < 0)
		return -1;
	if (all_bytes(&call.arguments) > ARGUMENTS_BYTES_MAX)
		return run_fail(run, "program %s: arguments of more than 256 KiB", call.name);
	/* Section 5.1: once for a particular program. */
	if (pipes_to(run->outcome, call.name))
		return run_fail(run, "a second \"pipe\" to program %s", call.name);
	action.target = mem_text(call.name);
	action.lock = mem_text(call.lock);
	action.timeout = call.question.timeout / 1000;
	action.attempt = node->tags & 1U << TAG_TRY;
	action.header_only = node->tags & 1U << CALL_HEADER;
	action.body_only = node->tags & 1U << CALL_BODY;
	for (size_t i = 0; i < call.arguments.count; i++)
		strings_add(&action.arguments, slice_text(call.arguments.at[i]));
	if (!(node->tags & 1U << TAG_COPY))
		run->outcome->cancelled = true;
	return action_file(run, &action);
}

const struct word command_pipe = {
	.name = "pipe",
	.capability = CAPABILITY_PIPE,
	.tags = tags,
	.positions = CALL_POSITIONS,
	.check = check_pipe,
	.run = run_pipe,
};
