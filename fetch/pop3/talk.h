/*
 * One POP3 command, waiting for its answer: for looking.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_POP3_TALK_H
#define FETCH_POP3_TALK_H

#include "common/net/pop3_reply.h"
#include "common/net/wire.h"

/* Hears +OK and each line of a list; -1 ends the talk with *why. */
typedef int (*pop3_hear)(void *arg, const struct pop3_event *event, struct fault *why);

/* `line` is without CRLF. -ERR is FAULT_TEMP with the server's words. */
int pop3_ask(struct wire *wire, enum pop3_shape shape, pop3_hear hear, void *arg,
	const char *line, struct fault *why);

#endif
