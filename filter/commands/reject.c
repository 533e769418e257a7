/*
 * reject and ereject (RFC 5429): the message is refused, and its sender told why.
 *
 * How it is refused, and whether it can be at all, is known to mr-deliver alone.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/action_common.h"
#include "filter/commands/command.h"
#include "filter/reply/body.h"

/* LIMIT: bytes of a reason: a whole page, and no letter. */
enum { REASON_MAX = 16 << 10 };

static int refuse(struct run *run, const struct node *node, enum action_kind kind)
{
	struct action action = { .kind = kind };
	AUTO_BUF room = { 0 };
	AUTO_BUF clean = { 0 };
	struct slice reason;

	if (run_expand(run, node->strings[0].at, &room, &reason) < 0)
		return -1;
	if (reason.len > REASON_MAX)
		return run_fail(run, "a reason of more than 16 KiB");
	body_clean(reason, &clean);
	action.text = buf_give(&clean);
	if (action_file(run, &action) < 0)
		return -1;
	run->outcome->cancelled = true;
	return 0;
}

static int run_reject(struct run *run, const struct node *node)
{
	return refuse(run, node, ACTION_REJECT);
}

static int run_ereject(struct run *run, const struct node *node)
{
	return refuse(run, node, ACTION_EREJECT);
}

const struct word command_reject = {
	.name = "reject",
	.capability = CAPABILITY_REJECT,
	.positions = "s",
	.run = run_reject,
};

const struct word command_ereject = {
	.name = "ereject",
	.capability = CAPABILITY_EREJECT,
	.positions = "s",
	.run = run_ereject,
};
