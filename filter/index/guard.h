/*
 * What must be in a message for a test to be true.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_INDEX_GUARD_H
#define FILTER_INDEX_GUARD_H

#include "filter/index/source.h"

/* A text in a value of that source, or, when whole, a value that is this text. */
struct atom {
	struct slice text; /* in capitals */
	uint32_t source;
	bool whole;
};

struct guard {
	struct atom *atoms;
	size_t count;
	size_t room;
	struct sources sources;
	struct arena arena; /* of texts */
};

/*
 * Adds atoms: when none of them is in the message, the test is false, and evaluating it
 * would have done nothing else: no capture, no question, no run-time error. False, and
 * nothing is added, when that cannot be said of it.
 */
bool guard_test(struct guard *g, const struct node *test);

void guard_free(struct guard *g);

#endif
