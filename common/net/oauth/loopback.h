/*
 * A port of 127.0.0.1 to which a browser comes back (RFC 8252 section 7.3): the least of an
 * HTTP server, for a few connections. Browsers open some that never ask anything.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_LOOPBACK_H
#define COMMON_NET_OAUTH_LOOPBACK_H

#include <poll.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: connections at once; a further one takes the place of the oldest. */
enum { LOOPBACK_GUESTS = 8 };

struct loopback {
	int fd;    /* owned; -1: closed */
	long port; /* that was given */
	struct loopback_guest {
		int fd; /* owned; -1: free */
		struct buf head;
	} guests[LOOPBACK_GUESTS];
	size_t next; /* the guest that has been here for longest */
};

#define AUTO_LOOPBACK __attribute__((cleanup(loopback_close))) struct loopback

/* Port 0: any. FAULT_TEMP: it is in use. To be closed after a fault, too. */
int loopback_open(long port, struct loopback *out, struct fault *why);
void loopback_close(struct loopback *l);

/* Fills LOOPBACK_GUESTS + 1 entries. */
void loopback_polls(const struct loopback *l, struct pollfd *set);

/*
 * After poll: takes connections and bytes, never blocks. A guest whose request is whole, or
 * NULL; call it again until NULL. Answer it at once.
 */
struct loopback_guest *loopback_serve(struct loopback *l);

/* A small page, then the connection is closed. */
void loopback_answer(struct loopback_guest *g, int status, const char *sentence);

#endif
