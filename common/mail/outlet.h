/*
 * What goes out on a blocking descriptor: a stream, or receipts. Small things are gathered.
 *
 * The stream_put functions and receipt_put add to `pending`; outlet_spill after each keeps
 * it small. Before a program waits for anything (more input, a child) it must call
 * outlet_flush: the next program of the pipe may be waiting for what is held here.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_OUTLET_H
#define COMMON_MAIL_OUTLET_H

#include "common/mail/stream.h"

/* LIMIT: what is gathered before it is written. */
enum { OUTLET_ROOM = 65536 };

struct outlet {
	int fd;           /* borrowed; -1: all that is put is dropped */
	const char *name; /* for sentences, borrowed: "standard output" */
	struct buf pending;
};

#define AUTO_OUTLET __attribute__((cleanup(outlet_drop))) struct outlet

/* Frees; what was not flushed is lost. */
void outlet_drop(struct outlet *o);

/* Writes what is pending when it is OUTLET_ROOM or more. FAULT_TEMP: the reader is gone. */
int outlet_spill(struct outlet *o, struct fault *why);

/* Writes all that is pending. */
int outlet_flush(struct outlet *o, struct fault *why);

/*
 * Puts an event on as it came. A preamble, a flush and the last line are written at once:
 * the preamble so that the last program can connect before the first message is through.
 */
int outlet_pass(struct outlet *o, const struct stream_event *event, struct fault *why);

#endif
