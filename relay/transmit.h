/*
 * One connection to the smart host, and messages of the queue over it: common/net/smtp
 * with the queue's bookkeeping.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_TRANSMIT_H
#define RELAY_TRANSMIT_H

#include "common/net/smtp.h"
#include "relay/queue.h"
#include "relay/smarthost.h"

struct transmit {
	const struct queue *queue;         /* borrowed, as the next two */
	const struct smarthost *host;
	const char *hostname;              /* for EHLO */
	int64_t lifetime;                  /* seconds */
	struct session session;
	struct smtp smtp;
	bool open;
	unsigned carried; /* transactions over this connection */
};

/* Connects and logs in unless that was done. Faults as session_open's: the host's. */
int transmit_open(struct transmit *t, struct fault *why);

/* QUIT if the connection is sound, then closes it. */
void transmit_close(struct transmit *t);

enum transmit_outcome {
	TRANSMIT_DONE,  /* every due recipient has a result, and it is noted */
	TRANSMIT_LOST,  /* the connection broke; what is known is noted; *why says how */
	TRANSMIT_AGAIN, /* it broke before the server took anything: nothing is noted */
	TRANSMIT_HOST,  /* the account's fault, *why: nothing is noted, nobody is to blame */
	TRANSMIT_LOCAL, /* content or envelope cannot be read or written, *why */
};

/*
 * Sends the claimed message to its recipients that are due, over an open connection. Each
 * result is in the envelope, synced, when this returns: "sent" right after the server's
 * 250. If we are killed between the two, the next run sends it once more, and says that it
 * may be a duplicate. The connection is closed unless DONE or LOCAL.
 */
enum transmit_outcome transmit_message(struct transmit *t, struct entry *e, struct fault *why);

#endif
