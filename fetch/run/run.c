/*
 * The loop of a fetch: see run.h, DESIGN.
 *
 * One poll set holds stdout, the receipts, the servers and the signals. Nothing in it
 * blocks but the ledger's commits, which take milliseconds.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/run/run.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "fetch/hand/into.h"
#include "fetch/run/job.h"
#include "fetch/state.h"

/* LIMIT: sessions at once. */
enum { SESSIONS_MAX = 8 };
/* LIMIT: how long a stopped run may take to finish the batch and settle. */
enum { STOP_MS = 30000 };

struct run {
	struct job_room room;
	struct job *jobs;
	size_t count;
	size_t turn; /* who is first in the next round: nobody is always last */
	int signals;
	int64_t stop_at;
	bool broken; /* a second signal, or the grace is over */
};

static int catch_signals(struct run *r, struct fault *why)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	r->room.cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r->room.done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->signals < 0 || r->room.cancel_fd < 0 || r->room.done_fd < 0)
		return fault_set(why, FAULT_TEMP, "signals: %s", strerror(errno));
	return 0;
}

static void stop(struct run *r)
{
	if (r->room.stopping) {
		r->broken = true;
		return;
	}
	r->room.stopping = true;
	r->stop_at = clock_deadline(STOP_MS);
	(void)eventfd_write(r->room.cancel_fd, 1);
}

static void look_at_signals(struct run *r)
{
	struct signalfd_siginfo info;
	eventfd_t ignored;

	while (read(r->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		stop(r);
	(void)eventfd_read(r->room.done_fd, &ignored);
	if (r->room.stopping && r->stop_at <= clock_tick())
		r->broken = true;
}

static size_t count_in(const struct run *r, enum job_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++)
		count += r->jobs[i].state == state;
	return count;
}

static void begin_jobs(struct run *r)
{
	size_t running = count_in(r, JOB_OPENING) + count_in(r, JOB_WORKING);

	for (size_t i = 0; i < r->count; i++) {
		struct job *j = &r->jobs[i];

		if (j->state != JOB_WAITING)
			continue;
		if (r->room.stopping || feed_is_lost(r->room.feed)) {
			j->state = JOB_ENDED;
		} else if (running < SESSIONS_MAX) {
			job_begin(j, &r->room);
			running += j->state != JOB_ENDED;
		}
	}
}

static bool step_jobs(struct run *r)
{
	bool moved = false;

	for (size_t i = 0; i < r->count; i++)
		moved |= job_step(&r->jobs[(r->turn + i) % r->count], &r->room);
	r->turn++;
	return moved;
}

/* Does everybody who is at work wait for receipts? */
static bool all_wait(const struct run *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct job *j = &r->jobs[i];

		if (j->state == JOB_OPENING || j->state == JOB_WAITING)
			return false;
		if (j->state == JOB_WORKING && j->source->expecting)
			return false;
	}
	return true;
}

static void wait_for_something(struct run *r, bool moved, int64_t deadline)
{
	struct pollfd *set = mem_zero(r->count + FEED_POLLS + 2, sizeof(*set));
	nfds_t count = 0;

	if (r->room.stopping && r->stop_at < deadline)
		deadline = r->stop_at;
	set[count++] = (struct pollfd){ .fd = r->signals, .events = POLLIN };
	set[count++] = (struct pollfd){ .fd = r->room.done_fd, .events = POLLIN };
	count += feed_poll(r->room.feed, set + count);
	for (size_t i = 0; i < r->count; i++)
		count += job_poll(&r->jobs[i], &set[count], &deadline);
	(void)poll(set, count, moved ? 0 : clock_poll_timeout(deadline));
	free(set);
	look_at_signals(r);
}

/* Until all accounts are done, then until the stream is written and answered. */
static void loop(struct run *r)
{
	bool over = false;

	while (!over && !r->broken) {
		bool moved;
		bool waiting;

		begin_jobs(r);
		moved = step_jobs(r);
		if (count_in(r, JOB_ENDED) == r->count)
			feed_finish(r->room.feed);
		waiting = !moved && all_wait(r);
		if (waiting)
			feed_flush(r->room.feed);
		moved |= feed_step(r->room.feed);
		over = feed_is_over(r->room.feed);
		if (!over)
			wait_for_something(r, moved,
				feed_wait(r->room.feed, waiting && !moved));
	}
}

static int tell_feed(const struct run *r)
{
	struct fault why;

	return feed_fault(r->room.feed, &why) ? say_fault(&why) : 0;
}

static int run_jobs(struct run *r, const struct run_plan *plan)
{
	int status = 0;

	r->count = plan->accounts->count;
	r->jobs = mem_zero(r->count, sizeof(*r->jobs));
	for (size_t i = 0; i < r->count; i++)
		r->jobs[i] = (struct job){ .account = &plan->accounts->at[i], .lock = -1 };
	loop(r);
	for (size_t i = 0; i < r->count; i++)
		job_break(&r->jobs[i], &r->room, "stopped before it was done");
	feed_forget(r->room.feed);
	status = tell_feed(r);
	for (size_t i = 0; i < r->count; i++)
		status = status_worse(status, job_finish(&r->jobs[i], &r->room));
	free(r->jobs);
	if (r->broken)
		status = status_worse(status, FAULT_TEMP);
	return status;
}

static int open_stream(struct run *r, const char *line, struct into **into, struct fault *why)
{
	struct feed_taker taker = { .start = into_start };

	if (!line)
		return feed_open_stdout(&r->room.feed, why);
	if (into_new(line, into, why) < 0)
		return -1;
	taker.arg = *into;
	r->room.feed = feed_open_taker(&taker);
	return 0;
}

/* Writes out what the stream still holds: at least its end, when nothing was fetched. */
static void end_stream(struct run *r)
{
	int64_t deadline = clock_deadline(STOP_MS);

	if (!r->room.feed)
		return;
	feed_finish(r->room.feed);
	while (!r->broken && !feed_is_over(r->room.feed) && clock_tick() < deadline) {
		struct pollfd set[FEED_POLLS];
		size_t count = feed_poll(r->room.feed, set);

		if (!feed_step(r->room.feed))
			(void)poll(set, count, clock_poll_timeout(deadline));
	}
	feed_close(r->room.feed);
}

int run_fetch(const struct run_plan *plan)
{
	struct run r = { .signals = -1, .stop_at = CLOCK_NEVER,
		.room = { .cancel_fd = -1, .done_fd = -1, .again = plan->again,
			.always = plan->always } };
	struct into *into = NULL;
	struct fault why = { 0 };
	int status;

	if (catch_signals(&r, &why) < 0 || open_stream(&r, plan->into, &into, &why) < 0 ||
		wire_start(&why) < 0 || state_ledger(&r.room.ledger, &why) < 0)
		status = say_fault(&why);
	else
		status = run_jobs(&r, plan);
	if (!r.room.feed && !plan->into)
		run_nothing();
	end_stream(&r);
	ledger_close(r.room.ledger);
	io_close_at(&r.signals);
	io_close_at(&r.room.cancel_fd);
	io_close_at(&r.room.done_fd);
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
