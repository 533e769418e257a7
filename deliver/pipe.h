/*
 * Behind the commit point, when the files are in their places: messages to programs.
 *
 *	exit status 0           done
 *	75                      the message is tried again, the program with it
 *	another, or no exit     the message is kept, with a line that says why
 *
 * With :try what fails is noted in the log alone, and the message is kept unless another
 * action says where it goes: a failure must not cancel the implicit keep
 * (spec-bosch-sieve-extprograms section 5). A program may get a message twice: when we are
 * killed before it is written down that it took it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_PIPE_H
#define DELIVER_PIPE_H

#include "deliver/run.h"

/* How many messages have become parts that are to be stored now. */
size_t pipe_batch(struct run *r);

/* One of these cannot be stored: the message is tried again. */
void pipe_fail(struct unit *u, struct part *p, const struct fault *why);

#endif
