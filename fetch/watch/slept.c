/*
 * Sleep of the machine: see slept.h.
 *
 * CLOCK_BOOTTIME runs on while the machine sleeps, CLOCK_MONOTONIC does not: what lies
 * between them grows by each sleep. A timer on CLOCK_REALTIME that is cancelled when that
 * clock jumps wakes us: the kernel sets it after a sleep.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/watch/slept.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "common/base/io.h"

/* LIMIT: a shorter sleep breaks no connection. */
enum { SLEEP_MS = 3000 };

static int64_t asleep(void)
{
	struct timespec boot, up;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_MONOTONIC, &up);
	return ((int64_t)boot.tv_sec - up.tv_sec) * 1000 + (boot.tv_nsec - up.tv_nsec) / 1000000;
}

/* The time itself is never reached. */
static void arm(const struct slept *s)
{
	const struct itimerspec never = { .it_value = { .tv_sec = INT64_C(0x7fffffff) * 2 } };

	(void)timerfd_settime(s->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

void slept_open(struct slept *s)
{
	s->fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	s->asleep = asleep();
	if (s->fd >= 0)
		arm(s);
}

void slept_close(struct slept *s)
{
	io_close_at(&s->fd);
}

bool slept_look(struct slept *s)
{
	int64_t now = asleep();
	bool slept = now - s->asleep >= SLEEP_MS;
	uint64_t ticks;

	/* ECANCELED when the clock was set; then it is armed anew. */
	if (s->fd >= 0 && read(s->fd, &ticks, sizeof(ticks)) < 0 && errno == ECANCELED)
		arm(s);
	s->asleep = now;
	return slept;
}
