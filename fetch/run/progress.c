/*
 * Progress on a terminal: see progress.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/run/progress.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/say.h"

/* LIMIT: milliseconds from one drawing to the next. */
enum { DRAW_MS = 200 };

/* LIMIT: a time left is told when so long was measured, in milliseconds. */
enum { MEASURE_MS = 1000 };

/* LIMIT: lines. */
enum { LINES_MAX = 8 };

static void put_bytes(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = { "B", "KB", "MB", "GB", "TB" };
	double value = (double)bytes;
	size_t unit = 0;

	for (; value >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		value /= 1024;
	buf_addf(out, unit && value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void progress_line(const struct progress_facts *facts, struct buf *out)
{
	int64_t spent = facts->now - facts->began;

	buf_addf(out, "%s: %llu of %llu messages, ", facts->account,
		(unsigned long long)facts->done, (unsigned long long)(facts->done + facts->left));
	put_bytes(out, facts->bytes);
	if (spent < MEASURE_MS)
		return;
	buf_add_text(out, ", ");
	put_bytes(out, facts->bytes * 1000 / (uint64_t)spent);
	buf_add_text(out, "/s");
	if (facts->done > 0 && facts->left > 0) {
		uint64_t left = (uint64_t)spent / 1000 * facts->left / facts->done;

		buf_addf(out, ", %llu:%02llu left", (unsigned long long)(left / 60),
			(unsigned long long)(left % 60));
	}
}

void progress_start(struct progress *p, bool quiet)
{
	const char *terminal = getenv("TERM");

	*p = (struct progress){ .on = !quiet && isatty(STDERR_FILENO) && terminal && *terminal &&
			strcmp(terminal, "dumb") != 0 };
}

/* A line that wraps would not go away. */
static size_t columns(void)
{
	struct winsize size = { 0 };

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ?
		size.ws_col - 1U : 79;
}

static void add_job(const struct job *j, int64_t now, struct strings *lines)
{
	const struct source *s = j->source;
	AUTO_BUF line = { 0 };
	struct progress_facts facts = { .account = j->account->name, .now = now };

	if (j->state != JOB_WORKING || lines->count == LINES_MAX)
		return;
	facts.left = s->ops->left(s);
	facts.done = s->came;
	facts.bytes = s->came_bytes;
	facts.began = s->began;
	if (facts.began == 0 || facts.left + facts.done == 0)
		return;
	progress_line(&facts, &line);
	strings_add(lines, slice_first(buf_slice(&line), columns()));
}

void progress_step(struct progress *p, const struct loop *l)
{
	AUTO_STRINGS lines = { 0 };
	int64_t now;

	if (!p->on)
		return;
	now = clock_tick();
	if (p->drawn && now - p->drawn < DRAW_MS)
		return;
	p->drawn = now;
	for (size_t i = 0; i < l->count; i++)
		add_job(l->jobs[i], now, &lines);
	if (lines.count || p->shown)
		say_below(&lines);
	p->shown = lines.count > 0;
}

void progress_end(struct progress *p)
{
	AUTO_STRINGS none = { 0 };

	if (p->shown)
		say_below(&none);
	*p = (struct progress){ 0 };
}
