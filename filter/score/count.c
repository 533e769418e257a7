/*
 * Finding a regular expression again and again: see count.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/score/count.h"

#include "common/base/buf.h"
#include "common/base/clock.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* LIMIT: steps and KiB of memory of one search. */
enum { STEP_MAX = 1000000, HEAP_MAX = 8192 };
/* The workspace that a search without captures needs; patterns seldom need more. */
enum { WORKSPACE_MIN = 1000, WORKSPACE_MAX = 1000000 };
enum { CALLS_PER_LOOK = 256 };

struct counter {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	int *workspace;
	size_t workspace_size;
	struct slice text;
	int64_t deadline;
	unsigned calls;
};

static int look_at_clock(pcre2_callout_block *block, void *context)
{
	struct counter *c = context;

	(void)block;
	if (++c->calls % CALLS_PER_LOOK != 0 || clock_tick() < c->deadline)
		return 0;
	return PCRE2_ERROR_MATCHLIMIT;
}

static int start(struct counter *c, struct slice pattern, bool caseless, struct fault *why)
{
	uint32_t options = PCRE2_MULTILINE | PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_UTF |
		PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT | (caseless ? PCRE2_CASELESS : 0) |
		PCRE2_NO_AUTO_POSSESS; /* which would keep "a+" from ending at one "a" */
	size_t at = 0;
	int error = 0;

	c->code = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, options, &error, &at, NULL);
	if (!c->code) {
		char text[200] = "?";

		pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof(text));
		return fault_set(why, FAULT_DATA, "bad regular expression at byte %zu: %s", at + 1,
			text);
	}
	c->data = pcre2_match_data_create(1, NULL);
	c->context = pcre2_match_context_create(NULL);
	if (!c->data || !c->context)
		return fault_set(why, FAULT_RUNTIME, "no memory for a regular expression");
	pcre2_set_match_limit(c->context, STEP_MAX);
	pcre2_set_heap_limit(c->context, HEAP_MAX);
	pcre2_set_callout(c->context, look_at_clock, c);
	c->workspace_size = WORKSPACE_MIN;
	c->workspace = mem_get(WORKSPACE_MIN * sizeof(int));
	c->deadline = clock_deadline(COUNT_TIME_MAX);
	return 0;
}

static void stop(struct counter *c)
{
	pcre2_code_free(c->code);
	pcre2_match_data_free(c->data);
	pcre2_match_context_free(c->context);
	free(c->workspace);
}

/* The first one from there, as short as it can be: 1 and its place, 0, -1. */
static int find(struct counter *c, size_t len, size_t from, uint32_t options, size_t *begin,
	size_t *end, struct fault *why)
{
	char message[200] = "?";
	int got;

	for (;;) {
		got = pcre2_dfa_match(c->code, (PCRE2_SPTR)c->text.ptr, len, from,
			options | PCRE2_DFA_SHORTEST, c->data, c->context, c->workspace,
			c->workspace_size);
		if (got != PCRE2_ERROR_DFA_WSSIZE || c->workspace_size >= WORKSPACE_MAX)
			break;
		c->workspace_size *= 4;
		free(c->workspace);
		c->workspace = mem_get(c->workspace_size * sizeof(int));
	}
	if (got == PCRE2_ERROR_NOMATCH)
		return 0;
	if (got < 0) {
		pcre2_get_error_message(got, (PCRE2_UCHAR *)message, sizeof(message));
		return fault_set(why, FAULT_RUNTIME, "regular expression given up: %s", message);
	}
	*begin = pcre2_get_ovector_pointer(c->data)[0];
	*end = pcre2_get_ovector_pointer(c->data)[1];
	return 1;
}

/* Of those that begin inside the match, one that ends before it: that is what procmail takes. */
static int find_earliest(struct counter *c, size_t from, size_t *begin, size_t *end,
	struct fault *why)
{
	int got = find(c, c->text.len, from, 0, begin, end, why);
	size_t next = *begin + 1;

	while (got == 1 && next < *end) {
		size_t cut = *end < c->text.len ? *end + 1 : *end;
		size_t b, e;
		int inside = find(c, cut, next, cut < c->text.len ? PCRE2_NOTEOL : 0, &b, &e, why);

		if (inside < 0)
			return -1;
		if (inside == 0 || b >= *end)
			break;
		if (e < *end) {
			*begin = b;
			*end = e;
		}
		next = b + 1;
	}
	return got;
}

/* Does the match need a "$" at its end? Then the line end is part of it. */
static int needs_line_end(struct counter *c, size_t begin, size_t end, struct fault *why)
{
	size_t b, e;
	int got;

	if (end < c->text.len && c->text.ptr[end] != '\n')
		return 0;
	got = find(c, end, begin, PCRE2_ANCHORED | PCRE2_NOTEOL, &b, &e, why);
	return got < 0 ? -1 : got == 0 || e != end;
}

static int count(struct counter *c, struct weighing *g, struct fault *why)
{
	size_t from = 0;

	while (weighing_goes_on(g) && from <= c->text.len) {
		size_t begin = 0, end = 0;
		int got = find_earliest(c, from, &begin, &end, why);
		int line_end;

		if (got <= 0)
			return got;
		line_end = needs_line_end(c, begin, end, why);
		if (line_end < 0)
			return -1;
		end += (size_t)line_end;
		if (!weighing_found(g, end <= from))
			return 0;
		from = end;
		if (clock_tick() >= c->deadline)
			return fault_set(why, FAULT_RUNTIME,
				"regular expression given up: it took too long");
	}
	return 0;
}

int count_regex(struct weighing *g, struct slice pattern, bool caseless, struct slice text,
	struct fault *why)
{
	struct counter c = { .text = text };
	int result = start(&c, pattern, caseless, why);

	if (result == 0)
		result = count(&c, g, why);
	stop(&c);
	return result;
}

void count_text(struct weighing *g, struct slice key, struct slice text)
{
	while (weighing_goes_on(g)) {
		ptrdiff_t at = slice_find(text, key);

		if (at < 0 || !weighing_found(g, key.len == 0))
			return;
		slice_skip(&text, (size_t)at + key.len);
	}
}
