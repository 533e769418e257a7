/*
 * Finding many texts at once (Aho and Corasick, 1975), in some 13 bytes a state.
 *
 * States are numbered level by level, so that the children of one lie side by side, in the
 * order of their bytes, and those of the next one follow: an edge is one byte, and a state
 * knows only where its children begin. Built in time linear in the length of all texts, and
 * a text is scanned in linear time whatever stands in it.
 *
 * Pure: knows no message and no rule. Bytes are compared as they are: fold both sides.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_INDEX_AUTOMATON_H
#define FILTER_INDEX_AUTOMATON_H

#include "common/base/buf.h"

struct automaton;

/*
 * An automaton for `count` texts, none empty; at most AUTOMATON_MAX bytes together. It
 * copies what it needs. ids[i] becomes the number of text i: equal texts have one number;
 * numbers run from 0.
 */
struct automaton *automaton_build(const struct slice *texts, size_t count, uint32_t *ids);
void automaton_free(struct automaton *a);
#define AUTO_AUTOMATON __attribute__((cleanup(automaton_free_at))) struct automaton
void automaton_free_at(struct automaton **a);

/* LIMIT: states are numbered with 32 bits. */
#define AUTOMATON_MAX ((size_t)UINT32_MAX - 1)

/* How many different texts it has. */
size_t automaton_count(const struct automaton *a);

/* Bytes that it holds. */
size_t automaton_size(const struct automaton *a);

/* The texts found since the last automaton_forget, each once. */
struct automaton_found {
	uint32_t *numbers; /* as in ids; room for all */
	size_t count;
	uint32_t *stamps; /* by number: the round in which it was found */
	uint32_t round;
	size_t texts;
};

void automaton_found_start(struct automaton_found *f, const struct automaton *a);
void automaton_found_free(struct automaton_found *f);
void automaton_forget(struct automaton_found *f);
bool automaton_has(const struct automaton_found *f, uint32_t number);

/*
 * Looks at the next bytes of a text; *state is 0 at its beginning and is kept between its
 * pieces.
 */
void automaton_scan(const struct automaton *a, uint32_t *state, struct slice bytes,
	struct automaton_found *found);

#endif
