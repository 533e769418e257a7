/*
 * Time: two clocks, milliseconds, and deadlines.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_CLOCK_H
#define COMMON_BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_NEVER INT64_MAX

/* Milliseconds on a clock that no one sets (CLOCK_MONOTONIC): for deadlines. */
int64_t clock_tick(void);

/* Seconds since 1970 UTC: for what is written down. */
int64_t clock_wall(void);

/* A deadline so many milliseconds from now; CLOCK_NEVER stays never. */
int64_t clock_deadline(int64_t ms);

/* What poll(2) wants to wait until the deadline: 0 when it is past, -1 for never. */
int clock_poll_timeout(int64_t deadline);

#endif
