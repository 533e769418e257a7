/*
 * Where the stream leaves us: bytes are gathered, and written when the other end takes them.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_OUTLET_H
#define FETCH_HAND_OUTLET_H

#include <poll.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

struct outlet {
	int fd;    /* owned; -1: closed, or not yet open */
	int flags; /* as it was given to us */
	struct buf bytes;
	size_t written; /* of bytes */
};

#define OUTLET_NONE { .fd = -1, .flags = -1 }

/* Owns `fd` from here on, also after a fault. */
int outlet_open(struct outlet *o, int fd, struct fault *why);

/*
 * What is not written is dropped. The descriptor may be shared with others (a terminal, a
 * file): its mode is put back. Where it was stdout, /dev/null is stdout afterwards, so that
 * nobody's file becomes it.
 */
void outlet_close(struct outlet *o);

/* Bytes not yet written. */
size_t outlet_waiting(const struct outlet *o);

/* Writes what goes now: 1 some, 0 none, -1 errno. Never blocks. */
int outlet_write(struct outlet *o);

/* A pipe tells that its last reader is gone, also when there is nothing to write. */
bool outlet_is_lost(const struct outlet *o);

#endif
