/*
 * An account's lock and its place in the ledger.
 *
 * The lock file STATE/run/fetch-NAME.lock is never unlinked and holds a byte once the
 * account has run: when the ledger then does not know it, the ledger was lost, and
 * fetching would bring everything a second time.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_STATE_H
#define FETCH_STATE_H

#include "common/mail/ledger/source.h"
#include "fetch/account.h"

/* Opens the user's ledger for writing. */
int state_ledger(struct ledger **out, struct fault *why);

/* 1: *lock is ours (io_close_at ends it); 0: another run is at work; -1. */
int state_lock(const struct account *account, int *lock, struct fault *why);

/* Is a run (or a watch) at work? When did one end well; seconds since 1970, 0: not known. */
int state_look(const struct account *account, bool *at_work, int64_t *touched,
	struct fault *why);

/*
 * FAULT_CONFIG when it has run before and the ledger does not know it. With `again` what
 * is remembered of it is forgotten first.
 */
int state_check(const struct account *account, struct ledger *l, int lock, bool again,
	struct fault *why);

/* It has run: in the ledger, then in the lock file. */
int state_has_run(const struct account *account, struct ledger *l, int lock,
	struct fault *why);

#endif
