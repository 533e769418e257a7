/*
 * Did the machine sleep? Connections do not outlive it, and nothing tells them so.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_WATCH_SLEPT_H
#define FETCH_WATCH_SLEPT_H

#include <stdbool.h>
#include <stdint.h>

struct slept {
	int fd;         /* owned: becomes readable when it woke; -1: nobody tells us */
	int64_t asleep; /* milliseconds since the machine was started */
};

void slept_open(struct slept *s);
void slept_close(struct slept *s);

/* True once after each sleep of some seconds. */
bool slept_look(struct slept *s);

#endif
