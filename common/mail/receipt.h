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

/* LIMIT: a line of receipts, for line_reader; LIMIT: a reason, cut when longer. */
enum { RECEIPT_LINE_MAX = 65536, RECEIPT_REASON_MAX = 1000 };

enum receipt_verdict { RECEIPT_STORED, RECEIPT_DEFERRED, RECEIPT_REFUSED };

/* Adds one line; nothing for a message without an id, as nobody waits for it. */
void receipt_put(struct buf *out, enum receipt_verdict verdict, struct slice id,
	const char *reason);

/* Reads one line without LF; id and reason are replaced. -1: FAULT_PROTOCOL. */
int receipt_read(struct slice line, enum receipt_verdict *verdict, struct buf *id,
	struct buf *reason, struct fault *why);

/* ---- the side that takes receipts (mr-fetch) ---- */

struct receipt_listener {
	int fd;         /* listening socket, non-blocking; -1: none, or a peer was accepted */
	int dir;        /* its directory, -1: none */
	char *name;     /* in the directory; NULL when unlinked */
	struct buf path;
	struct buf nonce;
};

#define RECEIPT_LISTENER_NONE { .fd = -1, .dir = -1 }
#define AUTO_RECEIPT_LISTENER \
	__attribute__((cleanup(receipt_listener_close))) struct receipt_listener

/*
 * Binds and listens in paths_runtime() (made 0700; refused when others can write there); a
 * path too long for sockaddr_un is bound through /proc/self/fd. Sockets that dead programs
 * left there are unlinked. FAULT_TEMP.
 */
int receipt_listen(struct receipt_listener *out, struct fault *why);

/* Says in the preamble where to find it. */
void receipt_announce(const struct receipt_listener *listener, struct preamble *p);

/*
 * Accepts one peer: own uid, right nonce (waits at most a second for its hello). 1: *peer
 * is owned, non-blocking, and socket and file are gone; 0: nobody or a stranger; -1.
 */
int receipt_accept(struct receipt_listener *listener, int *peer, struct fault *why);
void receipt_listener_close(struct receipt_listener *listener); /* and unlinks */

/* ---- the side that gives receipts (mr-deliver, mr-relay carry) ---- */

/*
 * Where the preamble says that receipts go: *fd (owned, blocking) is the connected socket,
 * a duplicate of stdout, or -1 for none. A socket that nobody serves, or somebody else, is
 * FAULT_TEMP: then nothing may be stored, for the source would fetch it again.
 */
int receipt_connect(const struct preamble *p, int *fd, struct fault *why);

#endif
