/*
 * How much work a test made: CPU time, so that a busy machine does not fail a test that
 * watches for quadratic time.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef T_UNIT_EFFORT_H
#define T_UNIT_EFFORT_H

#include <stdint.h>
#include <time.h>

/* What ASan, UBSan and the fuzzers' coverage cost together, at most. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EFFORT_FACTOR 10
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define EFFORT_FACTOR 10
#endif
#ifndef EFFORT_FACTOR
#define EFFORT_FACTOR 1
#endif

/* Milliseconds that this process computed since it began. */
static inline int64_t effort_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return ((int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000) / EFFORT_FACTOR;
}

#endif
