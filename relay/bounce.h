/*
 * The end of a message in the queue: what failed is returned to its sender, what is done
 * leaves.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_BOUNCE_H
#define RELAY_BOUNCE_H

#include "relay/queue.h"

/*
 * For a claimed message: queues a DSN for its failed recipients and notes that; removes it
 * when nobody waits any more. One whose sender is null is never answered (RFC 5321 4.5.5):
 * it goes to failed/ and is told on stderr. `remote` is the smart host's name, or NULL.
 *
 * If we are killed between the DSN's commit and the note, the sender is told twice.
 * 1: the message has left the queue; 0: it stays; -1: FAULT_TEMP, FAULT_WRITE, nothing lost.
 */
int bounce_settle(const struct queue *q, struct entry *e, const char *hostname,
	const char *remote, struct fault *why);

#endif
