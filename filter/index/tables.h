/*
 * The tables of an index: which steps each text of a message touches.
 *
 * A step is a command of a block, each branch of an "if" one of its own. Steps of a block
 * have consecutive numbers.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_INDEX_TABLES_H
#define FILTER_INDEX_TABLES_H

#include "filter/index/automaton.h"
#include "filter/index/source.h"

struct tables_step {
	const struct node *node;
	uint32_t head; /* the step of its "if"; its own when it is no branch */
};

/* Steps that only a text of the message can touch, by text and source. */
struct tables_posting {
	uint32_t source;
	uint32_t step;
};

struct tables_whole {
	uint64_t hash; /* of source and text; steps that share one are looked at needlessly */
	uint32_t step;
};

struct tables {
	struct tables_step *steps;
	size_t step_count;
	size_t step_room;
	uint32_t *blocks; /* where each block begins, and where the last one ends */
	size_t block_count;
	uint32_t *always; /* steps that no guard keeps, ascending */
	size_t always_count;
	struct automaton *automaton;
	uint32_t *starts; /* by number of the text: its first posting; one more at the end */
	struct tables_posting *postings;
	struct tables_whole *wholes; /* by hash */
	size_t whole_count;
	struct sources sources; /* names are borrowed from the script */
};

/*
 * Tables for the blocks of a script that have at least so many steps with a guard; such
 * blocks get a number (node->indexed, from 1). NULL when there is none.
 */
struct tables *tables_build(struct script *script, size_t least);
void tables_free(struct tables *t);

uint64_t tables_hash(uint32_t source, struct slice text);

#endif
