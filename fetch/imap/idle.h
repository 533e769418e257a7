/*
 * Waiting for news on a session that has nothing else to do: IDLE (RFC 2177) in one folder,
 * and NOTIFY (RFC 5465) for others where the server has it.
 *
 * The folder is opened by EXAMINE, so that waiting changes nothing in it. What came between
 * the last look and the beginning of the wait is news, too: UIDNEXT of all that is watched
 * is compared with what it was at the wait before. Never blocks.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_IDLE_H
#define FETCH_IMAP_IDLE_H

#include "common/net/imap_reply.h"
#include "common/net/wire.h"

enum idle_state {
	IDLE_OFF,
	IDLE_EXAMINE,
	IDLE_NOTIFY,
	IDLE_ASK,   /* IDLE is sent */
	IDLE_ON,    /* the server waits with us */
	IDLE_DONE,  /* DONE is sent */
	IDLE_CLOSE, /* the folder is being closed: the session is free again then */
};

/* All zero at first; kept from wait to wait of one session. Nothing in it is owned. */
struct idle {
	struct wire *wire;
	struct imap_reply *reply;
	enum idle_state state;
	bool news;     /* by idle_step: something came; cleared by who acts on it */
	bool refused;  /* by idle_step: the server does not wait; it is IDLE_OFF */
	bool notify;   /* NOTIFY covers the other folders */
	int64_t deadline; /* clock_tick: call idle_step then at the latest */

	const struct strings *folders;
	size_t at; /* of them: where it waits */
	int64_t renew_ms, timeout_ms;
	unsigned tag;
	int64_t began;
	unsigned short_ones; /* waits in a row that the server ended at once */
	uint64_t chatter;
	uint64_t exists, recent;
	uint64_t next, sum, sum_before; /* of UIDNEXT */
	bool summed, leaving;
};

/*
 * Begins to wait: in the first of `folders` (names on the wire) that can be opened, and with
 * i->notify in the others, too. wire, reply, folders, renew_ms and timeout_ms are set before;
 * borrowed.
 */
void idle_begin(struct idle *i);

/* The session is needed: it is free when the state is IDLE_OFF. */
void idle_leave(struct idle *i);

/* Takes what came, sends what is due. 1: something moved; 0; -1: the session is dead. */
int idle_step(struct idle *i, struct fault *why);

#endif
