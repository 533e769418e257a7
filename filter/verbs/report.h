/*
 * What explain prints of one message: for people, as JSON, or one action per line.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_REPORT_H
#define FILTER_VERBS_REPORT_H

#include "filter/ruleset.h"

struct report_form;

struct report {
	const struct report_form *form; /* set by the caller */
	bool all;    /* set by the caller: tests that were false, too */
	bool colour; /* set by the caller: escape sequences for a terminal */
	struct buf head;  /* of this message: what stands before its actions */
	struct buf tests; /* and what its tests saw, as the form writes it */
	struct buf notes; /* JSON: why commands did what nobody would expect */
	uint64_t messages;
};

/* How it is written; each adds to one of the buffers of the report, `end` to *out. */
struct report_form {
	void (*begin)(struct report *r, const char *source, struct message *message);
	void (*test)(struct report *r, const char *place, const struct node *node, bool result,
		struct slice seen);
	void (*action)(struct report *r, const char *place, const struct node *node);
	void (*note)(struct report *r, const char *place, const char *text);
	void (*end)(struct report *r, const struct verdict *verdict,
		const struct questions *questions, struct buf *out);
	bool everything; /* false tests and actions are always shown */
};

extern const struct report_form report_plain, report_people, report_json;

void report_begin(struct report *r, const char *source, struct message *message);
struct trace report_trace(struct report *r);
void report_end(struct report *r, const struct verdict *verdict,
	const struct questions *questions);
void report_free(struct report *r);

#endif
