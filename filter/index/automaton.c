/*
 * Finding many texts at once: see automaton.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/index/automaton.h"

enum { PAIRS = 1 << 16 };

struct automaton {
	size_t states;
	size_t texts;
	uint32_t *child;  /* first child; those of s end where those of s + 1 begin */
	uint32_t *back;   /* the longest proper suffix that is a state, too */
	uint32_t *hit;    /* the longest suffix that is a text: its number + 1; 0: none */
	uint8_t *label;   /* the byte that leads here */
	uint32_t *next;   /* by number: the next shorter text that ends there, as hit */
	uint32_t root[256]; /* where a byte leads from the root, 0: nowhere */
	uint8_t pairs[PAIRS / 8]; /* bits: two bytes with which a text may begin */
};

/* A state while it is built: the texts that go through it, in their order. */
struct range {
	uint32_t from;
	uint32_t to;
};

struct order {
	struct slice text;
	size_t index; /* in the caller's array */
};

static int by_text(const void *first, const void *second)
{
	const struct order *a = first, *b = second;
	size_t len = a->text.len < b->text.len ? a->text.len : b->text.len;
	int got = memcmp(a->text.ptr, b->text.ptr, len);

	return got != 0 ? got : (a->text.len > b->text.len) - (a->text.len < b->text.len);
}

/* A state more at most for each byte by which a text differs from the one before it. */
static size_t count_states(const struct order *sorted, size_t count)
{
	size_t states = 1;

	for (size_t i = 0; i < count; i++) {
		size_t common = 0;

		while (i > 0 && common < sorted[i].text.len && common < sorted[i - 1].text.len &&
			sorted[i].text.ptr[common] == sorted[i - 1].text.ptr[common])
			common++;
		states += sorted[i].text.len - common;
	}
	return states;
}

/* The texts that end at this state: those at the front of its range. */
static void take_ends(struct automaton *a, uint32_t state, struct range *range, size_t depth,
	const struct order *sorted, uint32_t *ids)
{
	if (range->from == range->to || sorted[range->from].text.len > depth)
		return;
	a->hit[state] = (uint32_t)++a->texts;
	while (range->from < range->to && sorted[range->from].text.len == depth)
		ids[sorted[range->from++].index] = (uint32_t)a->texts - 1;
}

/* Makes the children of a state: one for each byte that follows in its texts. */
static void grow_state(struct automaton *a, struct range *ranges, uint32_t state, size_t depth,
	const struct order *sorted)
{
	struct range range = ranges[state];

	a->child[state] = (uint32_t)a->states;
	while (range.from < range.to) {
		char byte = sorted[range.from].text.ptr[depth];
		uint32_t first = range.from;

		while (range.from < range.to && sorted[range.from].text.ptr[depth] == byte)
			range.from++;
		a->label[a->states] = (uint8_t)byte;
		ranges[a->states++] = (struct range){ first, range.from };
	}
}

static void grow(struct automaton *a, const struct order *sorted, size_t count, uint32_t *ids,
	size_t room)
{
	struct range *ranges = mem_get(room * sizeof(*ranges));
	size_t depth = 0;
	size_t level_ends = 1;

	ranges[0] = (struct range){ 0, (uint32_t)count };
	a->states = 1;
	for (size_t state = 0; state < a->states; state++) {
		if (state == level_ends) {
			depth++;
			level_ends = a->states;
		}
		take_ends(a, (uint32_t)state, &ranges[state], depth, sorted, ids);
		grow_state(a, ranges, (uint32_t)state, depth, sorted);
	}
	a->child[a->states] = (uint32_t)a->states;
	free(ranges);
}

/* The child by that byte, 0: none. A few are looked through, many are halved. */
static inline uint32_t step(const struct automaton *a, uint32_t state, uint8_t byte)
{
	uint32_t low = a->child[state];
	uint32_t high = a->child[state + 1];

	while (high - low > 8) {
		uint32_t middle = low + (high - low) / 2;

		if (a->label[middle] <= byte)
			low = middle;
		else
			high = middle;
	}
	for (; low < high; low++) {
		if (a->label[low] == byte)
			return low;
	}
	return 0;
}

static inline uint32_t follow(const struct automaton *a, uint32_t state, uint8_t byte)
{
	while (state != 0) {
		uint32_t child = step(a, state, byte);

		if (child != 0)
			return child;
		state = a->back[state];
	}
	return a->root[byte];
}

/* Level by level: the suffixes of a state are shorter, hence done. */
static void link_states(struct automaton *a)
{
	for (uint32_t i = a->child[0]; i < a->child[1]; i++)
		a->root[a->label[i]] = i;
	for (uint32_t state = 0; state < a->states; state++) {
		for (uint32_t i = a->child[state]; i < a->child[state + 1]; i++) {
			uint32_t shorter = state == 0 ? 0 : follow(a, a->back[state], a->label[i]);

			a->back[i] = shorter;
			if (a->hit[i] == 0)
				a->hit[i] = a->hit[shorter];
			else
				a->next[a->hit[i] - 1] = a->hit[shorter];
		}
	}
}

static inline unsigned pair_at(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* Most bytes begin nothing: that is seen from two at once, without leaving the root. */
static void mark_pairs(struct automaton *a)
{
	for (uint32_t first = a->child[0]; first < a->child[1]; first++) {
		uint8_t bytes[2] = { a->label[first], 0 };

		/* A text of one byte stands before any other. */
		if (a->hit[first] != 0)
			memset(&a->pairs[bytes[0] * 32], 0xff, 32);
		for (uint32_t i = a->child[first]; i < a->child[first + 1]; i++) {
			bytes[1] = a->label[i];
			a->pairs[pair_at(bytes) / 8] |= (uint8_t)(1 << pair_at(bytes) % 8);
		}
	}
}

struct automaton *automaton_build(const struct slice *texts, size_t count, uint32_t *ids)
{
	struct automaton *a = mem_zero(1, sizeof(*a));
	struct order *sorted = mem_get(count * sizeof(*sorted));
	size_t room;

	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct order){ texts[i], i };
	if (count > 0)
		qsort(sorted, count, sizeof(*sorted), by_text);
	room = count_states(sorted, count);
	a->child = mem_get((room + 1) * sizeof(*a->child));
	a->back = mem_zero(room, sizeof(*a->back));
	a->hit = mem_zero(room, sizeof(*a->hit));
	a->label = mem_get(room);
	grow(a, sorted, count, ids, room);
	a->next = mem_zero(a->texts, sizeof(*a->next));
	link_states(a);
	mark_pairs(a);
	free(sorted);
	return a;
}

void automaton_free(struct automaton *a)
{
	if (!a)
		return;
	free(a->child);
	free(a->back);
	free(a->hit);
	free(a->label);
	free(a->next);
	free(a);
}

void automaton_free_at(struct automaton **a)
{
	automaton_free(*a);
}

size_t automaton_count(const struct automaton *a)
{
	return a->texts;
}

size_t automaton_size(const struct automaton *a)
{
	return sizeof(*a) + a->states * (3 * sizeof(uint32_t) + 1) + a->texts * sizeof(uint32_t);
}

void automaton_found_start(struct automaton_found *f, const struct automaton *a)
{
	*f = (struct automaton_found){ .round = 1, .texts = a->texts };
	f->numbers = mem_get(a->texts * sizeof(*f->numbers));
	f->stamps = mem_zero(a->texts, sizeof(*f->stamps));
}

void automaton_found_free(struct automaton_found *f)
{
	free(f->numbers);
	free(f->stamps);
	*f = (struct automaton_found){ 0 };
}

/* Nothing is cleared: a text was found when its stamp is of this round. */
void automaton_forget(struct automaton_found *f)
{
	f->count = 0;
	if (++f->round != 0)
		return;
	memset(f->stamps, 0, f->texts * sizeof(*f->stamps));
	f->round = 1;
}

bool automaton_has(const struct automaton_found *f, uint32_t number)
{
	return f->stamps[number] == f->round;
}

/* What was found before was found with all shorter texts that end there. */
static void note(const struct automaton *a, uint32_t hit, struct automaton_found *found)
{
	while (hit != 0 && found->stamps[hit - 1] != found->round) {
		found->stamps[hit - 1] = found->round;
		found->numbers[found->count++] = hit - 1;
		hit = a->next[hit - 1];
	}
}

void automaton_scan(const struct automaton *a, uint32_t *state, struct slice bytes,
	struct automaton_found *found)
{
	const uint8_t *at = (const uint8_t *)bytes.ptr;
	const uint8_t *end = at + bytes.len;
	uint32_t now = *state;

	while (at < end) {
		if (now == 0) {
			while (end - at > 1 &&
				!(a->pairs[pair_at(at) / 8] & 1 << pair_at(at) % 8))
				at++;
		}
		now = follow(a, now, *at++);
		if (a->hit[now] != 0)
			note(a, a->hit[now], found);
	}
	*state = now;
}
