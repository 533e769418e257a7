/*
 * Receipts: what the last program of the pipe says of each id, back to the first.
 *
 *	receipt = ( "stored " id / "deferred " id " " reason / "refused " id " " reason ) LF
 *	hello   = "nonce " nonce LF              ; first line on a socket, from the connector
 *
 * The id is encoded as a word (stream_encode), the reason as a value. `stored` means: on
 * stable storage, or discarded on purpose. Only it allows the source to settle.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_RECEIPT_H
#define COMMON_MAIL_RECEIPT_H

#include "common/mail/stream.h"

enum receipt_verdict { RECEIPT_STORED, RECEIPT_DEFERRED, RECEIPT_REFUSED };

/* Adds one line. */
void receipt_put(struct buf *out, enum receipt_verdict verdict, struct slice id,
	const char *reason);

/* Reads one line without LF; id and reason are appended to the (cleared) bufs. -1: FAULT_PROTOCOL. */
int receipt_read(struct slice line, enum receipt_verdict *verdict, struct buf *id,
	struct buf *reason, struct fault *why);

/* ---- the side that takes receipts (mr-fetch) ---- */

struct receipt_listener {
	int fd;        /* listening socket, non-blocking; -1: none */
	int dir;       /* its directory */
	char *name;    /* in the directory; NULL when unlinked */
	struct buf path;
	struct buf nonce;
};

/*
 * Binds and listens in paths_runtime() (made 0700); a path too long for sockaddr_un is
 * bound through /proc/self/fd. Fills what the preamble must say. FAULT_TEMP.
 */
int receipt_listen(struct receipt_listener *out, struct fault *why);

/*
 * Accepts one peer: own uid, right nonce (waits at most a second for its hello). 1: *peer
 * is owned, non-blocking, and the socket file is gone; 0: nobody or a stranger; -1.
 */
int receipt_accept(struct receipt_listener *listener, int *peer, struct fault *why);
void receipt_listener_close(struct receipt_listener *listener); /* and unlinks */

/* ---- the side that gives receipts (mr-deliver, mr-relay carry) ---- */

/*
 * Where the preamble says that receipts go: *fd is the connected socket, a duplicate of
 * stdout, or -1 for none. A socket that nobody serves is FAULT_TEMP: then nothing may be
 * stored, for the source would fetch it again.
 */
int receipt_connect(const struct preamble *p, int *fd, struct fault *why);

#endif
