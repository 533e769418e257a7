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
/* When the other runner holds the queue: how soon to look again. */
enum { SLEEP_BUSY = 5 };

static int watch(const struct queue *q, struct fault *why)
{
	char path[64];
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	/* By the descriptor: the directory we opened, whatever its name means now. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", q->entries);
	if (fd < 0 || inotify_add_watch(fd, path, IN_MOVED_TO | IN_DELETE_SELF | IN_ONLYDIR) < 0) {
		fault_set(why, FAULT_TEMP, "watch %s/queue: %s", q->path, strerror(errno));
		io_close_at(&fd);
		return -1;
	}
	return fd;
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

		drain(events);
		if (plan->pass(plan->state, q, &left, &next) == 0)
			next = clock_wall() + SLEEP_BUSY;
		else if (left == 0)
			return;
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
