/*
 * Fetching once: see run.h, DESIGN.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/run/run.h"

#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "fetch/hand/into.h"
#include "fetch/hand/prefilter.h"
#include "fetch/run/loop.h"
#include "fetch/run/progress.h"
#include "fetch/state.h"

static void begin_jobs(struct loop *l)
{
	size_t running = loop_count(l, JOB_OPENING) + loop_count(l, JOB_WORKING);

	for (size_t i = 0; i < l->count; i++) {
		struct job *j = l->jobs[i];

		if (j->state != JOB_WAITING)
			continue;
		if (l->room.stopping || feed_is_lost(l->room.feed)) {
			j->state = JOB_ENDED;
		} else if (running < LOOP_WORKERS && !loop_is_crowded(l, j)) {
			job_begin(j, &l->room);
			running += j->state != JOB_ENDED;
		}
	}
}

/* Does everybody who is at work wait for receipts? Who waits for his turn waits for them. */
static bool all_wait(const struct loop *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct job *j = l->jobs[i];

		if (j->state == JOB_OPENING)
			return false;
		if (j->state == JOB_WORKING && j->source->expecting)
			return false;
	}
	return !prefilter_asks(l->room.prefilter);
}

/* Until all accounts are done, then until the stream is written and answered. */
static void go_on(struct loop *l, struct progress *progress)
{
	struct feed *feed = l->room.feed;
	bool over = false;

	while (!over && !l->broken) {
		bool moved;
		bool waiting;

		begin_jobs(l);
		progress_step(progress, l);
		moved = loop_step(l);
		if (loop_count(l, JOB_ENDED) == l->count)
			feed_finish(feed);
		waiting = !moved && all_wait(l);
		if (waiting)
			feed_flush(feed);
		moved |= feed_step(feed);
		over = feed_is_over(feed);
		if (!over)
			loop_wait(l, moved, feed_wait(feed, waiting && !moved), NULL, 0);
	}
}

static int tell_feed(const struct loop *l)
{
	struct fault why;

	return feed_fault(l->room.feed, &why) ? say_fault(&why) : 0;
}

static int run_jobs(struct loop *l, const struct run_plan *plan)
{
	struct progress progress;
	struct job *jobs = mem_zero(plan->accounts->count, sizeof(*jobs));
	int status = 0;

	for (size_t i = 0; i < plan->accounts->count; i++) {
		jobs[i] = (struct job){ .account = &plan->accounts->at[i], .lock = -1 };
		loop_add(l, &jobs[i]);
	}
	progress_start(&progress, plan->quiet);
	go_on(l, &progress);
	progress_end(&progress);
	for (size_t i = 0; i < l->count; i++)
		job_break(&jobs[i], &l->room, "stopped before it was done");
	feed_forget(l->room.feed);
	status = tell_feed(l);
	for (size_t i = 0; i < l->count; i++)
		status = status_worse(status, job_finish(&jobs[i], &l->room));
	free(jobs);
	if (l->broken)
		status = status_worse(status, FAULT_TEMP);
	return status;
}

int run_open_stream(const char *line, struct feed **feed, struct into **into, struct fault *why)
{
	struct feed_taker taker = { .start = into_start };

	if (!line)
		return feed_open_stdout(feed, why);
	if (into_new(line, into, why) < 0)
		return -1;
	taker.arg = *into;
	*feed = feed_open_taker(&taker);
	return 0;
}

int run_fetch(const struct run_plan *plan)
{
	struct loop l = LOOP_NONE;
	struct into *into = NULL;
	struct fault why = { 0 };
	int status;

	l.room.again = plan->again;
	l.room.always = plan->always;
	l.room.insist = plan->named || plan->always || isatty(STDERR_FILENO);
	l.room.config = plan->config;
	l.room.sessions = plan->sessions;
	l.room.prefilter = prefilter_new(plan->config);
	if (loop_open(&l, false, &why) < 0 ||
		run_open_stream(plan->into, &l.room.feed, &into, &why) < 0 ||
		wire_start(&why) < 0 || state_ledger(&l.room.ledger, &why) < 0)
		status = say_fault(&why);
	else
		status = run_jobs(&l, plan);
	if (!l.room.feed && !plan->into)
		run_nothing();
	loop_end_stream(&l);
	feed_close(l.room.feed);
	ledger_close(l.room.ledger);
	loop_close(&l);
	if (into)
		status = status_worse(status, into_wait(into));
	into_free(into);
	return status;
}

void run_nothing(void)
{
	struct preamble p = { .way = RECEIPTS_NONE };
	AUTO_BUF out = { 0 };
	struct fault why;

	buf_add_text(&p.program, "mr-fetch " MAILRAIL_VERSION);
	stream_put_preamble(&out, &p);
	stream_put_done(&out, 0);
	(void)io_write_all(STDOUT_FILENO, out.ptr, out.len, "stdout", &why);
	preamble_clear(&p);
}
