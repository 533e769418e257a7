/*
 * Finding a regular expression again and again, the way procmail does.
 *
 * Each match is the one that ends first. The next search begins where it ended; a line end
 * that "$" stood at belongs to the match, also the one that the end of the text counts for.
 * Bytes are matched, whatever character set they are in.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_SCORE_COUNT_H
#define FILTER_SCORE_COUNT_H

#include "common/base/fault.h"
#include "filter/score/weight.h"

/* LIMIT: bytes that are looked through, and milliseconds that it may take. */
enum { COUNT_TEXT_MAX = 16 << 20, COUNT_TIME_MAX = 1000 };

/* 0, or -1: FAULT_DATA the pattern is none, FAULT_RUNTIME a limit was hit: no answer. */
int count_regex(struct weighing *g, struct slice pattern, bool caseless, struct slice text,
	struct fault *why);

/* The same for a text, folded by the caller. An empty one is found for ever. */
void count_text(struct weighing *g, struct slice key, struct slice text);

#endif
