/*
 * What explain prints of one message: for people, or one action per line for programs.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_REPORT_H
#define FILTER_VERBS_REPORT_H

#include "filter/ruleset.h"

struct report {
	bool plain; /* set by the caller: the form that stays */
	bool all;   /* set by the caller: tests that were false, too */
	struct buf tests; /* lines of the tests of this message */
	uint64_t messages;
};

void report_begin(struct report *r, const char *source, struct message *message);
struct trace report_trace(struct report *r);
void report_end(struct report *r, const struct verdict *verdict,
	const struct questions *questions);
void report_free(struct report *r);

#endif
