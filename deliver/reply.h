/*
 * Behind the commit point: vacation replies and notifications, at most once.
 *
 * When all else of their messages is done it is marked in one transaction what is sent, and
 * that no second reply is due (RFC 5230 section 4.2); then they are handed on (outgoing.h). A
 * crash between the two loses the reply, never sends a second. What is known not to be in
 * the queue is unmarked, and told; its message is done all the same.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_REPLY_H
#define DELIVER_REPLY_H

#include "deliver/run.h"

/* Copies of what was sent (RFC 8580) are added to r->copies. */
void reply_batch(struct run *r);

#endif
