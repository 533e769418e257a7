/*
 * Where the values of a test come from: see source.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/index/source.h"

#include "filter/tests/values.h"

static uint32_t hash(const struct source *source)
{
	uint32_t h = 2166136261U ^ (uint32_t)source->kind << 4 ^ (uint32_t)source->part;

	for (size_t i = 0; i < source->name.len; i++)
		h = (h ^ ((unsigned char)source->name.ptr[i] | 0x20)) * 16777619U;
	return h;
}

static bool same(const struct source *a, const struct source *b)
{
	return a->kind == b->kind && a->part == b->part && slice_equal_case(a->name, b->name);
}

static uint32_t *slot_of(const struct sources *s, const struct source *source)
{
	size_t at = hash(source) & (s->slot_count - 1);

	while (s->slots[at] != 0 && !same(&s->at[s->slots[at] - 1], source))
		at = (at + 1) & (s->slot_count - 1);
	return &s->slots[at];
}

/* Twice the room: never more than half of the slots are taken. */
static void grow(struct sources *s)
{
	free(s->slots);
	s->slot_count = s->slot_count ? s->slot_count * 2 : 32;
	s->slots = mem_zero(s->slot_count, sizeof(*s->slots));
	s->at = mem_grow(s->at, s->slot_count / 2, sizeof(*s->at));
	for (size_t i = 0; i < s->count; i++)
		*slot_of(s, &s->at[i]) = (uint32_t)i + 1;
}

uint32_t sources_number(struct sources *s, const struct source *source)
{
	uint32_t *slot;

	if (s->count == s->slot_count / 2)
		grow(s);
	slot = slot_of(s, source);
	if (*slot == 0) {
		s->at[s->count++] = *source;
		*slot = (uint32_t)s->count;
	}
	return *slot - 1;
}

void sources_free(struct sources *s)
{
	free(s->at);
	free(s->slots);
	*s = (struct sources){ 0 };
}

int source_each(struct message *m, const struct source *source,
	int (*visit)(void *context, struct slice value), void *context)
{
	struct value_spec spec = { .part = source->part };
	int got = 0;

	if (source->kind == SOURCE_ENVELOPE)
		return values_of_envelope(m, source->name, &spec, visit, context);
	for (size_t at = message_find(m, source->name); at != MESSAGE_NONE && got == 0;
		at = message_find_next(m, at)) {
		bool cut = false;

		got = source->kind == SOURCE_FIELD
			? visit(context, message_value(m, at))
			: values_of_field(m, at, &spec, visit, context, &cut);
		if (cut)
			return -1;
	}
	return got;
}
