/*
 * if, elsif, else (RFC 5228 section 3.1).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/commands/command.h"
#include "filter/evaluate.h"

/* Runs the whole chain of branches that begins here. */
static int run_if(struct run *run, const struct node *node)
{
	do {
		bool taken;
		int got = evaluate_branch(run, node, &taken);

		if (taken || got != 0)
			return got;
		node = node->next;
	} while (node && node->word->uses & IS_BRANCH);
	return 0;
}

static int check_branch(struct checker *checker, struct node *node)
{
	if (checker->previous == &command_if || checker->previous == &command_elsif)
		return 0;
	return checker_complain(checker, node, "\"%s\" expected an \"if\" or \"elsif\" before it",
		node->word->name);
}

const struct word command_if = {
	.name = "if",
	.uses = IS_CONDITION,
	.tests = TESTS_ONE,
	.block = true,
	.run = run_if,
};

const struct word command_elsif = {
	.name = "elsif",
	.uses = IS_BRANCH | IS_CONDITION,
	.tests = TESTS_ONE,
	.block = true,
	.check = check_branch,
	.run = run_if,
};

const struct word command_else = {
	.name = "else",
	.uses = IS_BRANCH | IS_CONDITION,
	.block = true,
	.check = check_branch,
	.run = run_if,
};
