/*
 * defer (vnd.mailrail.defer): the message stays at its source and is tried again later.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/action_common.h"
#include "filter/commands/command.h"

/* LIMIT: bytes of the reason: it is one line of the log. */
enum { REASON_MAX = 500 };

/* On one line; NUL and other control characters become blanks. */
static char *one_line(struct slice text)
{
	AUTO_BUF line = { 0 };

	text = slice_first(slice_trim(text), REASON_MAX);
	for (size_t i = 0; i < text.len; i++) {
		bool control = (unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f;

		buf_add_byte(&line, control ? ' ' : text.ptr[i]);
	}
	return buf_give(&line);
}

static bool is_deferred(const struct outcome *o)
{
	for (size_t i = 0; i < o->count; i++) {
		if (o->actions[i].kind == ACTION_DEFER)
			return true;
	}
	return false;
}

static int run_defer(struct run *run, const struct node *node)
{
	struct action action = { .kind = ACTION_DEFER };
	AUTO_BUF room = { 0 };
	struct slice text = SLICE("a rule defers it");

	if (node->strings[0].count > 0 &&
		run_expand(run, node->strings[0].at, &room, &text) < 0)
		return -1;
	if (is_deferred(run->outcome))
		return 0;
	action.text = one_line(text);
	run->outcome->cancelled = true;
	return action_file(run, &action);
}

const struct word command_defer = {
	.name = "defer",
	.capability = CAPABILITY_DEFER,
	.positions = "s?",
	.run = run_defer,
};
