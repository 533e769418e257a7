/*
 * Looking at the queue and changing it by hand: the verbs queue, show, delete and flush.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_LIST_H
#define RELAY_LIST_H

#include <stdio.h>

#include "relay/queue.h"

/*
 * mailq: one block for each message with id, size, time of arrival, sender, and for each
 * recipient that waits its last reply; a line with the sums, or "Mail queue is empty".
 * Messages that leave meanwhile are passed over, damaged ones are told on stderr.
 */
int list_queue(const struct queue *q, FILE *out, struct fault *why);

/* The envelope's facts and the message itself. FAULT_USAGE: no such message. */
int list_show(const struct queue *q, const char *id, FILE *out, struct fault *why);

/* Takes it out without a word to the sender. FAULT_TEMP: it is being sent right now. */
int list_delete(const struct queue *q, const char *id, struct fault *why);

/* Makes all that waits due at once, and forgets the pauses of the smart hosts. */
int list_flush(const struct queue *q, struct fault *why);

#endif
