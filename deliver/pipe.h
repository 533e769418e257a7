/*
 * Behind the commit point, when the files are in their places: messages to programs.
 *
 *	exit status 0           done
 *	75                      the message is tried again, the program with it
 *	another, or no exit     the message is kept, with a line that says why
 *
 * With :try all of these are "done", and the log notes it. A program may get a message
 * twice: when we are killed before it is written down that it took it.
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
