/*
 * discard (RFC 5228 section 4.4): cancels the implicit keep.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/command.h"
#include "filter/evaluate.h"

static int run_discard(struct run *run, const struct node *node)
{
	(void)node;
	run->outcome->cancelled = true;
	free(run->outcome->discarded);
	run->outcome->discarded = run_rule(run);
	return 0;
}

const struct word command_discard = {
	.name = "discard",
	.run = run_discard,
};
