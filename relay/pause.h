/*
 * What is known of a smart host that does not work: since when, why, and until when it is
 * left alone. A file hosts/NAME, written whole; without it nothing is known against it.
 *
 * What is the account's or the host's fault (names, connection, greeting, TLS, login) ends
 * here and never touches a recipient: no message is returned because a password changed.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_PAUSE_H
#define RELAY_PAUSE_H

#include "relay/queue.h"

struct pause {
	int64_t until; /* seconds since 1970; 0: none */
	int64_t told;  /* when the reason was last said */
	unsigned tries; /* failures since it last worked */
	int kind;      /* enum fault_kind of the last one */
	struct buf text;
};

#define AUTO_PAUSE __attribute__((cleanup(pause_clear))) struct pause

void pause_clear(struct pause *p);

/* Names may hold only what a file name may. An unreadable or damaged file is none. */
void pause_read(const struct queue *q, const char *host, struct pause *out);

/* Whether it is to be left alone now; a pause longer than any of ours (a clock that was set
 * back) does not count. */
bool pause_holds(const struct pause *p, int64_t now);

/*
 * One more failure: sets the next time by backoff.h and writes the file. True when the
 * reason is to be said: somebody listens (`can_tell`), and it is new or an hour has passed.
 */
bool pause_extend(const struct queue *q, const char *host, const struct fault *reason,
	int64_t now, bool can_tell, struct pause *p);

/* It works again; or all are to be tried. */
void pause_forget(const struct queue *q, const char *host);
void pause_forget_all(const struct queue *q);

#endif
