/*
 * One IMAP command after the other, waiting for each answer: for logging in and looking.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_TALK_H
#define FETCH_IMAP_TALK_H

#include "common/net/imap_reply.h"
#include "common/net/wire.h"

struct imap_talk {
	struct wire *wire;        /* borrowed */
	struct imap_reply *reply; /* borrowed */
	unsigned tag;
};

/* Hears each untagged response; -1 ends the talk with *why. */
typedef int (*imap_hear)(void *arg, const struct imap_event *event, struct fault *why);

/*
 * Sends a command and waits for its end. NO is FAULT_TEMP with the server's words, BAD and
 * all nonsense FAULT_PROTOCOL. Waits as wire_wait does.
 */
int imap_ask(struct imap_talk *talk, imap_hear hear, void *arg, struct fault *why,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
