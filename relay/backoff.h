/*
 * When to try again, for a recipient and for a smart host (RFC 5321 section 4.5.4.1).
 *
 *	try after        1st   2nd   3rd   4th   5th   6th   7th and more
 *	recipient        5 m   10 m  20 m  40 m  1 h   2 h   4 h
 *	smart host       1 m   2 m   4 m   8 m   15 m  30 m  30 m
 *	login refused    15 m  30 m  1 h   2 h   4 h   4 h   4 h
 *
 * Each with up to a fifth more or less by chance, so that what failed together does not
 * come back together. A refused login is tried seldom: servers lock accounts.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_BACKOFF_H
#define RELAY_BACKOFF_H

#include <stdint.h>

enum backoff_kind { BACKOFF_RECIPIENT, BACKOFF_HOST, BACKOFF_LOGIN };

/* A random number, for the call below. */
uint32_t backoff_chance(void);

/* Seconds to wait after the `tries`th failure (from 1). `chance` is any random number. */
int64_t backoff_seconds(enum backoff_kind kind, unsigned tries, uint32_t chance);

#endif
