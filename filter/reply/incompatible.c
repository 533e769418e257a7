/*
 * What may not be done together: see incompatible.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/incompatible.h"

static bool refuses(enum action_kind kind)
{
	return kind == ACTION_REJECT || kind == ACTION_EREJECT;
}

static bool delivers(enum action_kind kind)
{
	return kind == ACTION_KEEP || kind == ACTION_FILEINTO || kind == ACTION_REDIRECT ||
		kind == ACTION_PIPE;
}

static const char *beside_refusal(enum action_kind kind)
{
	if (refuses(kind))
		return "a message is rejected once (RFC 5429 2.4)";
	if (delivers(kind))
		return "a message that is rejected is not delivered, too (RFC 5429 2.4)";
	if (kind == ACTION_VACATION)
		return "a message that is rejected gets no vacation reply (RFC 5429 2.4)";
	return NULL;
}

/* vnd.mailrail.defer: what was done would be done again. A mark is none of the rules' doing. */
static bool clashes_with_defer(enum action_kind a, enum action_kind b)
{
	return a == ACTION_DEFER && b != ACTION_DEFER && b != ACTION_MARK;
}

static const char *const beside_defer =
	"a message that is deferred comes again: nothing else may be done with it";

static const char *beside_actions(const struct outcome *o, enum action_kind kind)
{
	const char *wrong = NULL;

	for (size_t i = 0; i < o->count && !wrong; i++) {
		if (refuses(o->actions[i].kind))
			wrong = beside_refusal(kind);
		else if (refuses(kind) && delivers(o->actions[i].kind))
			wrong = beside_refusal(o->actions[i].kind);
		else if (clashes_with_defer(kind, o->actions[i].kind) ||
			clashes_with_defer(o->actions[i].kind, kind))
			wrong = beside_defer;
	}
	if (!wrong && refuses(kind) && o->vacation)
		wrong = beside_refusal(ACTION_VACATION);
	return wrong;
}

const char *incompatible_with(const struct outcome *before, const struct outcome *own,
	enum action_kind kind)
{
	const char *wrong = beside_actions(before, kind);

	if (!wrong)
		wrong = beside_actions(own, kind);
	if (!wrong && refuses(kind) && own->kept)
		wrong = beside_refusal(ACTION_KEEP);
	if (!wrong && kind == ACTION_DEFER && (own->kept || own->vacation))
		wrong = beside_defer;
	return wrong;
}
