/*
 * Asking the rules before a message is fetched: "mr-filter decide" as a child.
 *
 * Headers go in, and for each comes the rule that discards the message, or the word that it
 * is to be fetched. Nothing here blocks. One child serves all accounts of a run; it is
 * started by the first question, and rules are read then. When it cannot be started, dies
 * or speaks nonsense, everything is to be fetched, and one line says why.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_PREFILTER_H
#define FETCH_HAND_PREFILTER_H

#include <poll.h>

#include "common/mail/frame.h"

struct source;
struct prefilter;

/* `config`: for -c, borrowed, NULL: the default. Starts nothing yet. */
struct prefilter *prefilter_new(const char *config);
void prefilter_free(struct prefilter *p); /* ends the child; NULL is harmless */

/* May another question be put now? */
bool prefilter_room(const struct prefilter *p);

/*
 * Is this message to be fetched? The frame is as that of the message itself; `header` with
 * the empty line that ends it, or without; `size` of the whole message, 0: not known. The
 * answer comes by source_ops.decided, in the order of the questions, but never before
 * prefilter_step.
 */
void prefilter_ask(struct prefilter *p, struct source *s, const struct frame *frame,
	struct slice header, uint64_t size, uint64_t key);

/* The source is about to go: answers that still come are for nobody. */
void prefilter_forget(struct prefilter *p, const struct source *s);

/* Nobody waits: the child ends, and the next question starts one that reads the rules anew. */
void prefilter_rest(struct prefilter *p);

/* ---- for the loop ---- */

enum { PREFILTER_POLLS = 2 };
size_t prefilter_poll(const struct prefilter *p, struct pollfd *set);

/* Writes and reads what goes now, hands answers on. True when anything moved. */
bool prefilter_step(struct prefilter *p);

/* Is there a question without an answer? Then somebody is at work. */
bool prefilter_asks(const struct prefilter *p);

/* When the wait for an answer ends (clock_tick), CLOCK_NEVER: nothing is asked. */
int64_t prefilter_deadline(const struct prefilter *p);

#endif
