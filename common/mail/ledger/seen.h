/*
 * What the ledger remembers for a while: the keys that messages marked (RFC 7352), and who
 * got a vacation reply (RFC 5230).
 *
 * mr-deliver writes, mr-filter may read. A row counts until its time has come, and goes at
 * the next seen_prune. Functions that change something want an open transaction
 * (ledger_begin). Times are seconds since 1970. A ledger of an older version, which only a
 * reader meets, knows nothing.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef MAIL_LEDGER_SEEN_H
#define MAIL_LEDGER_SEEN_H

#include "common/base/buf.h"
#include "common/mail/ledger/ledger.h"

/*
 * Did another message than `id` mark the key? 1, 0, -1. *waits_for (overwritten) is the id
 * of the message that did, as long as that is not done, else empty: what is thrown away as
 * a duplicate of it must wait. A message without an id marks when all of it is done.
 */
int seen_read(struct ledger *l, struct slice key, struct slice id, int64_t now,
	struct buf *waits_for, struct fault *why);

/*
 * The message `id` marks the key. Of a key that is marked already only the time changes, to
 * the later one: its first message stays the one that others wait for.
 */
int seen_write(struct ledger *l, struct slice key, struct slice id, int64_t until,
	int64_t now, struct fault *why);

/* Only if it is marked: it stays so until then, at least. */
int seen_renew(struct ledger *l, struct slice key, int64_t until, int64_t now,
	struct fault *why);

/* May a reply by this handle go to the target? 1, 0: one went not long ago, -1. */
int vacation_is_due(struct ledger *l, struct slice handle, struct slice target, int64_t now,
	struct fault *why);

/* One goes now: no other before `until`. */
int vacation_write(struct ledger *l, struct slice handle, struct slice target, int64_t until,
	struct fault *why);

/* It did not go. */
int vacation_forget(struct ledger *l, struct slice handle, struct slice target,
	struct fault *why);

/* So many seconds from now; what is too far away for a number: never. */
int64_t seen_until(int64_t now, int64_t seconds);

/* Removes what counts no more. */
int seen_prune(struct ledger *l, int64_t now, struct fault *why);

#endif
