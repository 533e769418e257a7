/*
 * The accounts that are watched, as the configuration has them now.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_WATCH_ROSTER_H
#define FETCH_WATCH_ROSTER_H

#include "fetch/run/loop.h"
#include "fetch/watch/watched.h"

struct roster {
	struct watched **at;
	size_t count;
	struct loop *loop; /* borrowed: their jobs are added to it */
};

/* Takes the accounts: those that are new or changed are watched, those not named leave. */
void roster_update(struct roster *r, struct accounts *accounts);

/*
 * Reads the configuration anew. A broken one is refused with one line and changes nothing.
 * `path` NULL: the default file; `names` as for accounts_read.
 */
int roster_reload(struct roster *r, const char *path, const struct strings *names);

/* Drops those that are gone. */
void roster_prune(struct roster *r);

/*
 * Another of this name is still on its way out: its lock and session must go first; or as
 * many as may be are at work with its server.
 */
bool roster_must_wait(const struct roster *r, const struct watched *w);

void roster_free(struct roster *r);

#endif
