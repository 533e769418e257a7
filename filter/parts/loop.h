/*
 * Where foreverypart is (RFC 5703 section 3): for tests and commands that look at parts.
 *
 * Parts are known by their numbers in the message as it is now. Rules may change the message
 * while a loop runs: the loop then goes on with the next number of the changed one.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PARTS_LOOP_H
#define FILTER_PARTS_LOOP_H

#include "filter/evaluate.h"
#include "filter/parts/parts.h"

/* LIMIT: loops within each other, as Pigeonhole has it (section 3 asks for two). */
enum { LOOP_DEPTH_MAX = 4 };
/*
 * LIMIT: parts that a rule file looks at, each time counted: loops and :anychild within them
 * multiply what a message of 10,000 parts costs.
 */
enum { LOOP_VISITS_MAX = 1000000 };

/* A foreverypart that runs. */
struct loop {
	size_t part;
	const struct loop *outer; /* or NULL */
};

/* The part that the innermost loop is at; 0, the message itself, outside of one. */
size_t loop_part(const struct run *run);

/* The parts of the message as it is now; NULL: the run has failed. */
struct parts *loop_parts(struct run *run);

/* One more part is looked at; -1: the run has failed. */
int loop_visit(struct run *run);

/* All known parts were looked at; -1 when there are more: the run has failed. */
int loop_complete(struct run *run);

#endif
