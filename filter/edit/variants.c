/*
 * Variants of a message: see variants.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/edit/variants.h"

/* Texts and marks are what they are, whatever the message is. */
static bool needs_bytes(const struct action *a)
{
	switch (a->kind) {
	case ACTION_DISCARD:
	case ACTION_VACATION:
	case ACTION_NOTIFY:
	case ACTION_MARK:
	case ACTION_DEFER:
		return false;
	default:
		return true;
	}
}

/* RFC 5293 section 7: what tells the sender of the message shows it as it came. */
static unsigned version_of(const struct action *a)
{
	return a->kind == ACTION_REJECT || a->kind == ACTION_EREJECT ? 0 : a->version;
}

static bool has_number(const unsigned *list, size_t count, unsigned number)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == number)
			return true;
	}
	return false;
}

size_t variants_list(const struct verdict *v, unsigned **out)
{
	unsigned *list = mem_zero(v->count + 1, sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; i < v->count; i++) {
		const struct action *a = &v->actions[i];

		if (needs_bytes(a) && !has_number(list, count, version_of(a)))
			list[count++] = version_of(a);
	}
	*out = list;
	return count > 0 ? count : 1;
}

bool variants_has(const struct action *action, unsigned number, size_t k)
{
	return needs_bytes(action) ? version_of(action) == number : k == 0;
}
