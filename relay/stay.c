/*
 * Waiting beside the queue: see stay.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/stay.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/lock.h"

/* LIMIT: the longest sleep, so that a clock that was set and a removed queue are seen. */
enum { SLEEP_MAX_MS = 10 * 60 * 1000 };
/* Seconds until the next look when another pass is at work, and when one went wrong or left
 * what is due: neither may become a busy loop. */
enum { SLEEP_BUSY = 5, SLEEP_TROUBLE = 60 };

/* By the descriptor: the directory we opened, whatever its name means now. */
static int add_watch(int events, int dir, uint32_t what)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", dir);
	return inotify_add_watch(events, path, what | IN_ONLYDIR);
}

/* New envelopes; and in the spool's root, where nothing is ever deleted, its removal. */
static int watch(const struct queue *q, struct fault *why)
{
	AUTO_FD fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	int events;

	if (fd < 0 || add_watch(fd, q->entries, IN_MOVED_TO) < 0 ||
		add_watch(fd, q->root, IN_DELETE) < 0)
		return fault_set(why, FAULT_TEMP, "watch %s/queue: %s", q->path, strerror(errno));
	events = fd;
	fd = -1;
	return events;
}

/* Takes all events; true when there were any. */
static bool drain(int fd)
{
	char events[4096] __attribute__((aligned(8)));
	bool any = false;

	while (io_read(fd, events, sizeof(events)) > 0)
		any = true;
	return any;
}

static bool is_gone(const struct queue *q)
{
	struct stat st;

	return fstat(q->entries, &st) < 0 || st.st_nlink == 0;
}

static void sleep_until(int fd, int64_t next)
{
	struct pollfd set = { .fd = fd, .events = POLLIN };
	int64_t ms = next == INT64_MAX ? SLEEP_MAX_MS : (next - clock_wall()) * 1000;

	if (ms < 1000)
		ms = 1000;
	(void)poll(&set, 1, ms > SLEEP_MAX_MS ? SLEEP_MAX_MS : (int)ms);
}

static void work(const struct stay_plan *plan, const struct queue *q, int events)
{
	while (!*plan->stop && !is_gone(q)) {
		size_t left = 0;
		int64_t next = INT64_MAX;
		int result;

		drain(events);
		result = plan->pass(plan->state, q, &left, &next);
		if (result > 0 && left == 0)
			return;
		if (result == 0)
			next = clock_wall() + SLEEP_BUSY;
		else if (result < 0 || next <= clock_wall())
			next = clock_wall() + SLEEP_TROUBLE;
		sleep_until(events, next);
	}
}

int stay(const struct stay_plan *plan, const struct queue *q, struct fault *why)
{
	AUTO_FD events = watch(q, why);

	if (events < 0)
		return -1;
	do {
		AUTO_FD lock = -1;
		int got = lock_try(q->root, "stay.lock", &lock, why);

		if (got <= 0)
			return got;
		work(plan, q, events);
		/* Who came while we held the lock went away again and counts on us. */
	} while (!*plan->stop && !is_gone(q) && drain(events));
	return 0;
}
