/*
 * stop (RFC 5228 section 3.3): ends its own file, not the files behind it.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/command.h"
#include "filter/evaluate.h"

static int run_stop(struct run *run, const struct node *node)
{
	if (run->trace)
		run->trace->action(run->trace->context, run->script, node);
	return 1;
}

const struct word command_stop = {
	.name = "stop",
	.run = run_stop,
};
