/*
 * error (RFC 5463 section 5): ends with a run-time error, which keeps the message.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/command.h"
#include "filter/evaluate.h"

/* LIMIT: bytes of the text that are told. */
enum { TOLD_MAX = 400 };

static int run_error(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };
	struct slice text;

	if (run_expand(run, node->strings[0].at, &room, &text) < 0)
		return -1;
	return run_fail(run, "%.*s", SLICE_ARG(slice_first(text, TOLD_MAX)));
}

const struct word command_error = {
	.name = "error",
	.capability = CAPABILITY_IHAVE,
	.positions = "s",
	.run = run_error,
};
