/*
 * Where foreverypart is: see loop.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/parts/loop.h"

size_t loop_part(const struct run *run)
{
	return run->loop ? run->loop->part : 0;
}

static int count_visits(struct run *run, size_t count)
{
	run->part_visits += count;
	if (run->part_visits <= LOOP_VISITS_MAX)
		return 0;
	return run_fail(run, "more than %d parts were looked at", LOOP_VISITS_MAX);
}

struct parts *loop_parts(struct run *run)
{
	struct message *m = run->message;
	struct fault why;

	if (m->parts)
		return m->parts;
	if (!m->spool || m->lacks & NEEDS_BODY) {
		run_fail(run, "the parts of a message need more than its header");
		return NULL;
	}
	if (!parts_of(m, &why)) {
		run_fail(run, "%s", why.text);
		return NULL;
	}
	return count_visits(run, m->parts->count) < 0 ? NULL : m->parts;
}

int loop_visit(struct run *run)
{
	return count_visits(run, 1);
}

int loop_complete(struct run *run)
{
	if (!run->message->parts->limited)
		return 0;
	return run_fail(run, "the message has more parts, or deeper ones, than are looked into");
}
