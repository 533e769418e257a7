/*
 * Mail that is redirected: one child per run, `mr-relay carry queue:`, that puts it into the
 * queue. It gets a stream and answers with receipts, like any two programs of the pipe.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_OUTGOING_H
#define DELIVER_OUTGOING_H

#include "common/base/child.h"
#include "common/base/line.h"
#include "common/mail/outlet.h"
#include "deliver/spool.h"

struct outgoing {
	const char *program; /* borrowed; NULL: mr-relay beside us */
	const char *config;  /* borrowed: the file that -c named; NULL: mr-relay finds its own */
	struct child child;
	struct outlet to;
	struct line_reader from;
	struct spool spool;  /* messages as they came */
	uint64_t sent;       /* to this child */
	bool refused;        /* it said so of one of them: then its exit status is no news */
};

void outgoing_start(struct outgoing *o, const char *program);

/*
 * The sender as it may stand in an envelope, owned. Anybody writes a Return-Path: what is no
 * address there must not hold the message up for ever, and has nobody behind it to be told,
 * so it becomes the null sender.
 */
char *outgoing_sender(struct slice text);

/* Starts the child, unless it runs. FAULT_TEMP. */
int outgoing_ready(struct outgoing *o, struct fault *why);

/*
 * Hands one message on: envelope, what goes before its header (a field with its line end, or
 * all of a message of ours), and its bytes. *ticket is how its answer is known. FAULT_TEMP:
 * the child is gone, and with it all that it had not answered.
 */
int outgoing_put(struct outgoing *o, struct slice sender, struct slice recipient,
	struct slice field, struct spooled bytes, uint64_t *ticket, struct fault *why);

/* Asks for the answers. */
int outgoing_flush(struct outgoing *o, struct fault *why);

/* The next one: 1 *ticket is in the queue, 0 it is not and why says so, -1 no child. */
int outgoing_answer(struct outgoing *o, uint64_t *ticket, struct fault *why);

/* Ends the child, if there is one. */
int outgoing_end(struct outgoing *o, struct fault *why);

#endif
