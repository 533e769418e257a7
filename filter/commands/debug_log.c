/*
 * debug_log (vnd.dovecot.debug): a line for whoever writes rules: a note of explain, and on
 * stderr with -v.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/say.h"
#include "filter/commands/command.h"
#include "filter/evaluate.h"

/* LIMIT: bytes that are shown. */
enum { SHOWN_MAX = 1000 };

static int run_log(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };
	AUTO_BUF shown = { 0 };
	struct slice text;

	if (run_expand(run, node->strings[0].at, &room, &text) < 0)
		return -1;
	say_visible(&shown, slice_first(text, SHOWN_MAX));
	if (run->trace)
		run_note(run, "DEBUG: %s", buf_text(&shown));
	else
		say_detail("%s:%u: DEBUG: %s", run->script->path, node->line, buf_text(&shown));
	return 0;
}

const struct word command_debug_log = {
	.name = "debug_log",
	.capability = CAPABILITY_DEBUG,
	.positions = "s",
	.run = run_log,
};
