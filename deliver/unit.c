/*
 * Units: see unit.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/unit.h"

struct part *unit_add_part(struct unit *u, struct action *action)
{
	struct part *p;

	u->parts = mem_grow(u->parts, u->count + 1, sizeof(*u->parts));
	p = &u->parts[u->count++];
	*p = (struct part){ .action = *action, .entry.stage = STAGE_NONE };
	*action = (struct action){ 0 };
	return p;
}

bool part_is_reply(const struct part *p)
{
	return p->action.kind == ACTION_VACATION || p->action.kind == ACTION_NOTIFY;
}

bool unit_is_broken(const struct unit *u)
{
	for (size_t i = 0; i < u->count; i++) {
		if (u->parts[i].state == PART_FAILED)
			return true;
	}
	return false;
}

static void drop_parts(struct unit *u)
{
	for (size_t i = 0; i < u->count; i++) {
		struct part *p = &u->parts[i];

		if (p->started && p->state == PART_WANTED)
			p->entry.box->ops->drop(&p->entry);
		p->started = false;
	}
}

void unit_drop(struct unit *u, enum verdict verdict)
{
	drop_parts(u);
	u->verdict = verdict;
}

void unit_fail(struct unit *u, const struct fault *why)
{
	if (u->verdict == VERDICT_DEFERRED)
		return;
	unit_drop(u, VERDICT_DEFERRED);
	u->why = *why;
}

void unit_free(struct unit *u)
{
	if (!u)
		return;
	drop_parts(u);
	for (size_t i = 0; i < u->count; i++) {
		action_clear(&u->parts[i].action);
		intent_clear(&u->parts[i].entry.intent);
		buf_free(&u->parts[i].flags);
		free(u->parts[i].note);
		free(u->parts[i].sender);
		strings_free(&u->parts[i].environment);
		free(u->parts[i].report);
	}
	free(u->parts);
	free(u->refusal);
	buf_free(&u->id);
	buf_free(&u->account);
	buf_free(&u->source);
	free(u);
}
