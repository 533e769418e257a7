/*
 * The tables of an index: see tables.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/index/tables.h"

#include "filter/index/guard.h"
#include "filter/language/vocabulary.h"

struct building {
	struct tables *tables;
	struct guard guard;
	uint32_t *atom_steps; /* by atom: whom it touches */
	size_t atom_room;
	size_t always_room;
	size_t least;
};

uint64_t tables_hash(uint32_t source, struct slice text)
{
	uint64_t h = 14695981039346656037U ^ source;

	h *= 1099511628211U;
	for (size_t i = 0; i < text.len; i++)
		h = (h ^ (unsigned char)text.ptr[i]) * 1099511628211U;
	return h;
}

static void add_step(struct building *b, const struct node *node)
{
	struct tables *t = b->tables;
	bool branch = node->word->uses & IS_BRANCH;

	if (t->step_count == t->step_room) {
		t->step_room = t->step_room ? t->step_room * 2 : 64;
		t->steps = mem_grow(t->steps, t->step_room, sizeof(*t->steps));
	}
	t->steps[t->step_count] = (struct tables_step){ node,
		branch ? t->steps[t->step_count - 1].head : (uint32_t)t->step_count };
	t->step_count++;
}

static void add_always(struct building *b)
{
	struct tables *t = b->tables;

	if (t->always_count == b->always_room) {
		b->always_room = b->always_room ? b->always_room * 2 : 64;
		t->always = mem_grow(t->always, b->always_room, sizeof(*t->always));
	}
	t->always[t->always_count++] = (uint32_t)t->step_count - 1;
}

/* True when it has a guard; its atoms then touch this step. */
static bool guard_step(struct building *b, const struct node *node)
{
	size_t from = b->guard.count;
	bool condition = node->word->uses & IS_CONDITION;

	if (!condition || !node->tests || !guard_test(&b->guard, node->tests))
		return false;
	if (b->guard.count > b->atom_room) {
		b->atom_room = b->guard.room;
		b->atom_steps = mem_grow(b->atom_steps, b->atom_room, sizeof(*b->atom_steps));
	}
	for (size_t i = from; i < b->guard.count; i++)
		b->atom_steps[i] = (uint32_t)b->tables->step_count - 1;
	return true;
}

/* A block, then those in it. One with few guards is walked as it is. */
static void add_block(struct building *b, struct node *first)
{
	struct tables *t = b->tables;
	size_t steps = t->step_count, always = t->always_count, atoms = b->guard.count;
	size_t guarded = 0;

	for (struct node *node = first; node; node = node->next) {
		add_step(b, node);
		if (guard_step(b, node))
			guarded++;
		else
			add_always(b);
	}
	if (first && guarded >= b->least) {
		t->blocks = mem_grow(t->blocks, t->block_count + 2, sizeof(*t->blocks));
		t->blocks[t->block_count++] = (uint32_t)steps;
		t->blocks[t->block_count] = (uint32_t)t->step_count;
		first->indexed = (unsigned)t->block_count;
	} else {
		t->step_count = steps;
		t->always_count = always;
		b->guard.count = atoms;
	}
	for (struct node *node = first; node; node = node->next) {
		if (node->block)
			add_block(b, node->block);
	}
}

static int by_hash(const void *first, const void *second)
{
	const struct tables_whole *a = first, *b = second;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

static void build_wholes(struct building *b)
{
	struct tables *t = b->tables;
	const struct guard *g = &b->guard;

	t->wholes = mem_get(g->count * sizeof(*t->wholes));
	for (size_t i = 0; i < g->count; i++) {
		if (g->atoms[i].whole)
			t->wholes[t->whole_count++] = (struct tables_whole){
				tables_hash(g->atoms[i].source, g->atoms[i].text),
				b->atom_steps[i] };
	}
	if (t->whole_count > 0)
		qsort(t->wholes, t->whole_count, sizeof(*t->wholes), by_hash);
}

/* Postings lie together by their text: counted, then put. */
static void build_postings(struct building *b, const uint32_t *ids, size_t count)
{
	struct tables *t = b->tables;
	const struct guard *g = &b->guard;
	size_t texts = automaton_count(t->automaton);
	uint32_t *next = mem_get((texts + 1) * sizeof(*next));
	size_t k = 0;

	t->starts = mem_zero(texts + 1, sizeof(*t->starts));
	t->postings = mem_get(count * sizeof(*t->postings));
	for (size_t i = 0; i < count; i++)
		t->starts[ids[i] + 1]++;
	for (size_t i = 0; i < texts; i++)
		t->starts[i + 1] += t->starts[i];
	memcpy(next, t->starts, (texts + 1) * sizeof(*next));
	for (size_t i = 0; i < g->count; i++) {
		if (!g->atoms[i].whole)
			t->postings[next[ids[k++]]++] = (struct tables_posting){
				g->atoms[i].source, b->atom_steps[i] };
	}
	free(next);
}

static void build_automaton(struct building *b)
{
	const struct guard *g = &b->guard;
	struct slice *texts = mem_get(g->count * sizeof(*texts));
	uint32_t *ids = mem_get(g->count * sizeof(*ids));
	size_t count = 0;

	for (size_t i = 0; i < g->count; i++) {
		if (!g->atoms[i].whole)
			texts[count++] = g->atoms[i].text;
	}
	b->tables->automaton = automaton_build(texts, count, ids);
	build_postings(b, ids, count);
	free(texts);
	free(ids);
}

struct tables *tables_build(struct script *script, size_t least)
{
	struct tables *t = mem_zero(1, sizeof(*t));
	struct building b = { .tables = t, .least = least };

	add_block(&b, script->commands);
	if (t->block_count > 0) {
		build_wholes(&b);
		build_automaton(&b);
		t->sources = b.guard.sources;
		b.guard.sources = (struct sources){ 0 };
	} else {
		tables_free(t);
		t = NULL;
	}
	free(b.atom_steps);
	guard_free(&b.guard);
	return t;
}

void tables_free(struct tables *t)
{
	if (!t)
		return;
	free(t->steps);
	free(t->blocks);
	free(t->always);
	automaton_free(t->automaton);
	free(t->starts);
	free(t->postings);
	free(t->wholes);
	sources_free(&t->sources);
	free(t);
}
