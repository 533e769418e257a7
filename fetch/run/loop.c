/*
 * The poll set: see loop.h, DESIGN.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/run/loop.h"

#include <errno.h>
#include <signal.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "fetch/hand/prefilter.h"

int loop_open(struct loop *l, bool watch, struct fault *why)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (watch) {
		sigaddset(&set, SIGHUP);
		sigaddset(&set, SIGUSR1);
	}
	sigprocmask(SIG_BLOCK, &set, NULL);
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	l->room.cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->room.done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->signals < 0 || l->room.cancel_fd < 0 || l->room.done_fd < 0)
		return fault_set(why, FAULT_TEMP, "signals: %s", strerror(errno));
	return 0;
}

void loop_close(struct loop *l)
{
	io_close_at(&l->signals);
	io_close_at(&l->room.cancel_fd);
	io_close_at(&l->room.done_fd);
	prefilter_free(l->room.prefilter);
	l->room.prefilter = NULL;
	free(l->jobs);
	free(l->set);
	l->jobs = NULL;
	l->set = NULL;
	l->count = 0;
}

void loop_add(struct loop *l, struct job *job)
{
	l->jobs = mem_grow(l->jobs, l->count + 1, sizeof(struct job *));
	l->jobs[l->count++] = job;
}

void loop_remove(struct loop *l, const struct job *job)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (l->jobs[i] != job)
			l->jobs[kept++] = l->jobs[i];
	}
	l->count = kept;
}

size_t loop_count(const struct loop *l, enum job_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++)
		count += l->jobs[i]->state == state;
	return count;
}

bool loop_is_crowded(const struct loop *l, const struct job *job)
{
	long busy = 0;

	for (size_t i = 0; i < l->count; i++) {
		const struct job *other = l->jobs[i];

		busy += other != job &&
			(other->state == JOB_OPENING || other->state == JOB_WORKING) &&
			strcasecmp(other->account->server.host, job->account->server.host) == 0;
	}
	return busy >= l->room.sessions;
}

void loop_stop(struct loop *l)
{
	if (l->room.stopping) {
		l->broken = true;
		return;
	}
	l->room.stopping = true;
	l->stop_at = clock_deadline(LOOP_STOP_MS);
	(void)eventfd_write(l->room.cancel_fd, 1);
}

static void look_at_signals(struct loop *l)
{
	struct signalfd_siginfo info;
	eventfd_t ignored;

	while (read(l->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			l->reload = true;
		else if (info.ssi_signo == SIGUSR1)
			l->look = true;
		else
			loop_stop(l);
	}
	(void)eventfd_read(l->room.done_fd, &ignored);
	if (l->room.stopping && l->stop_at <= clock_tick())
		l->broken = true;
}

bool loop_step(struct loop *l)
{
	bool moved = false;

	for (size_t i = 0; i < l->count; i++)
		moved |= job_step(l->jobs[(l->turn + i) % l->count], &l->room);
	l->turn++;
	moved |= prefilter_step(l->room.prefilter);
	if (loop_count(l, JOB_OPENING) + loop_count(l, JOB_WORKING) == 0)
		prefilter_rest(l->room.prefilter);
	return moved;
}

void loop_wait(struct loop *l, bool moved, int64_t deadline, struct pollfd *others,
	size_t count)
{
	size_t most = l->count + count + FEED_POLLS + PREFILTER_POLLS + 2;
	size_t used = 0, first_job, first_other;

	if (most > l->set_room) {
		l->set = mem_grow(l->set, most, sizeof(*l->set));
		l->set_room = most;
	}
	if (l->room.stopping && l->stop_at < deadline)
		deadline = l->stop_at;
	if (prefilter_deadline(l->room.prefilter) < deadline)
		deadline = prefilter_deadline(l->room.prefilter);
	l->set[used++] = (struct pollfd){ .fd = l->signals, .events = POLLIN };
	l->set[used++] = (struct pollfd){ .fd = l->room.done_fd, .events = POLLIN };
	used += feed_poll(l->room.feed, l->set + used);
	used += prefilter_poll(l->room.prefilter, l->set + used);
	first_job = used;
	for (size_t i = 0; i < l->count; i++, used++) {
		if (!job_poll(l->jobs[i], &l->set[used], &deadline))
			l->set[used] = (struct pollfd){ .fd = -1 };
	}
	first_other = used;
	for (size_t i = 0; i < count; i++)
		l->set[used++] = others[i];
	(void)poll(l->set, used, moved ? 0 : clock_poll_timeout(deadline));
	for (size_t i = 0; i < l->count; i++)
		l->jobs[i]->heard |= l->set[first_job + i].revents != 0;
	for (size_t i = 0; i < count; i++)
		others[i].revents = l->set[first_other + i].revents;
	look_at_signals(l);
}

void loop_end_stream(struct loop *l)
{
	int64_t deadline = clock_deadline(LOOP_STOP_MS);
	struct feed *feed = l->room.feed;

	if (!feed)
		return;
	feed_finish(feed);
	while (!l->broken && !feed_is_over(feed) && clock_tick() < deadline) {
		struct pollfd set[FEED_POLLS];
		size_t count = feed_poll(feed, set);

		if (!feed_step(feed))
			(void)poll(set, count, clock_poll_timeout(deadline));
	}
}
