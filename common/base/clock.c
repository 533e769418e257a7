/*
 * Clocks: see clock.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/clock.h"

#include <limits.h>
#include <time.h>

static int64_t read_ms(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_tick(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_wall(void)
{
	return read_ms(CLOCK_REALTIME) / 1000;
}

int64_t clock_deadline(int64_t ms)
{
	return ms == CLOCK_NEVER ? CLOCK_NEVER : clock_tick() + ms;
}

int clock_poll_timeout(int64_t deadline)
{
	int64_t left;

	if (deadline == CLOCK_NEVER)
		return -1;
	left = deadline - clock_tick();
	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}
