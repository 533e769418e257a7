/*
 * What was left behind in the queue's directories: content whose submission was killed,
 * envelopes that were never placed, and more failed messages than anybody will read.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_SWEEP_H
#define RELAY_SWEEP_H

#include "relay/queue.h"

/*
 * Removes content older than 36 hours that has no envelope anywhere and no writer, staged
 * envelopes as old, and the oldest of failed/ beyond its cap. Tells nothing: what it
 * removes was never promised, or was told when it failed. Never fails; what could not be
 * removed is there for the next time.
 */
void queue_sweep(const struct queue *q, int64_t now);

#endif
