/*
 * Which commands of a block may do something with a message: see index.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/index/index.h"

#include "filter/index/literals.h"
#include "filter/index/tables.h"
#include "filter/match.h"
#include "filter/regex.h"
#include "filter/language/vocabulary.h"

/* Fewer guards in a block are not worth a scan. */
enum { GUARDS_MIN = 8 };

struct index {
	struct script *script;
	size_t runs;
	bool made;
	struct tables *tables; /* NULL: nothing to index */
	struct automaton_found found;
	uint32_t *stamps; /* by step: the scan that touched it last */
	uint32_t scan;
	uint32_t *touched; /* by the scan that runs */
	size_t touched_count;
	struct buf folded;
};

/* What a scan of a message found; kept with the message. */
struct scanned {
	struct message_extra extra;
	bool all; /* a test might fail: every step counts */
	size_t count;
	uint32_t steps[]; /* that were touched, ascending */
};

struct index *index_new(struct script *script)
{
	struct index *index = mem_zero(1, sizeof(*index));

	index->script = script;
	return index;
}

void index_free(struct index *index)
{
	if (!index)
		return;
	tables_free(index->tables);
	automaton_found_free(&index->found);
	free(index->stamps);
	free(index->touched);
	buf_free(&index->folded);
	free(index);
}

static void make(struct index *index, size_t least)
{
	index->made = true;
	index->tables = tables_build(index->script, least);
	if (!index->tables)
		return;
	automaton_found_start(&index->found, index->tables->automaton);
	index->stamps = mem_zero(index->tables->step_count, sizeof(*index->stamps));
	index->touched = mem_get(index->tables->step_count * sizeof(*index->touched));
}

void index_count_run(struct index *index)
{
	if (++index->runs > 1 && !index->made)
		make(index, GUARDS_MIN);
}

void index_make(struct index *index)
{
	if (!index->made)
		make(index, 1);
}

static void touch(struct index *index, uint32_t step)
{
	if (index->stamps[step] == index->scan)
		return;
	index->stamps[step] = index->scan;
	index->touched[index->touched_count++] = step;
}

static void touch_wholes(struct index *index, uint64_t hash)
{
	const struct tables *t = index->tables;
	size_t low = 0;
	size_t high = t->whole_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->wholes[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < t->whole_count && t->wholes[low].hash == hash; low++)
		touch(index, t->wholes[low].step);
}

struct looking {
	struct index *index;
	uint32_t source;
};

/*
 * One value. -1 when :regex or :matches might fail on it for its length, or find in it what
 * folding does not: then nothing is passed over.
 */
static int look(void *context, struct slice value)
{
	struct looking *l = context;
	struct index *index = l->index;
	uint32_t state = 0;

	if (value.len > REGEX_TEXT_MAX || !literals_fit(value))
		return -1;
	buf_clear(&index->folded);
	match_fold(&index->folded, value);
	automaton_scan(index->tables->automaton, &state, buf_slice(&index->folded),
		&index->found);
	if (index->tables->whole_count > 0)
		touch_wholes(index, tables_hash(l->source, buf_slice(&index->folded)));
	return 0;
}

static void touch_found(struct index *index, uint32_t source)
{
	const struct tables *t = index->tables;

	for (size_t i = 0; i < index->found.count; i++) {
		uint32_t text = index->found.numbers[i];

		for (uint32_t at = t->starts[text]; at < t->starts[text + 1]; at++) {
			if (t->postings[at].source == source)
				touch(index, t->postings[at].step);
		}
	}
}

static int by_number(const void *a, const void *b)
{
	uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

	return (first > second) - (first < second);
}

/* True: each source was looked at; what it touches is in index->touched. */
static bool scan_sources(struct index *index, struct message *m)
{
	for (size_t i = 0; i < index->tables->sources.count; i++) {
		struct looking l = { index, (uint32_t)i };

		automaton_forget(&index->found);
		if (source_each(m, &index->tables->sources.at[i], look, &l) < 0)
			return false;
		touch_found(index, l.source);
	}
	return true;
}

static const struct scanned *scan(struct index *index, struct message *m)
{
	struct scanned *out;
	size_t bytes;
	bool whole;

	index->touched_count = 0;
	if (++index->scan == 0) {
		memset(index->stamps, 0, index->tables->step_count * sizeof(*index->stamps));
		index->scan = 1;
	}
	whole = scan_sources(index, m);
	if (index->touched_count > 0)
		qsort(index->touched, index->touched_count, sizeof(*index->touched), by_number);
	bytes = index->touched_count * sizeof(*index->touched);
	out = mem_get(sizeof(*out) + bytes);
	out->extra.owner = index;
	out->all = !whole;
	out->count = index->touched_count;
	memcpy(out->steps, index->touched, bytes);
	message_keep(m, &out->extra);
	return out;
}

bool index_start(struct index *index, const struct node *first, struct index_walk *walk)
{
	const struct tables *t = index->tables;

	if (!t || !first || first->indexed == 0)
		return false;
	*walk = (struct index_walk){ .index = index, .at = t->blocks[first->indexed - 1],
		.end = t->blocks[first->indexed] };
	return true;
}

/* The first number in the list that is not below `from`, or `none`. */
static uint32_t first_from(const uint32_t *list, size_t count, uint32_t from, uint32_t none)
{
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list[middle] < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && list[low] < none ? list[low] : none;
}

/* Each time the scan of the message as it is now: a command may have changed it. */
static uint32_t next_step(const struct index_walk *walk, struct message *m)
{
	struct index *index = walk->index;
	const struct scanned *found = (const void *)message_kept(m, index);
	uint32_t always, touched;

	if (!found)
		found = scan(index, m);
	if (found->all)
		return walk->at;
	always = first_from(index->tables->always, index->tables->always_count, walk->at,
		walk->end);
	touched = first_from(found->steps, found->count, walk->at, walk->end);
	return always < touched ? always : touched;
}

const struct node *index_next(struct index_walk *walk, struct message *m)
{
	while (walk->at < walk->end) {
		uint32_t at = next_step(walk, m);
		const struct tables_step *step = &walk->index->tables->steps[at];

		if (at >= walk->end)
			break;
		walk->at = at + 1;
		if (!(step->node->word->uses & IS_BRANCH) || step->head >= walk->taken)
			return step->node;
	}
	return NULL;
}

void index_taken(struct index_walk *walk)
{
	walk->taken = walk->at;
}
