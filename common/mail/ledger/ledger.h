/*
 * The ledger: one SQLite file per user that remembers what was stored, what is being
 * stored, and why (DESIGN section 4).
 *
 * All SQL of the project is in this folder: schema.c has the tables, delivery.c what
 * mr-deliver asks, source.c what mr-fetch asks; statement.h is for these files only.
 *
 * The file is STATE/ledger.db (paths_state), mode 0600, WAL, synchronous=FULL; on a network
 * filesystem its journal is truncated instead, for WAL needs shared memory. A ledger that
 * was made once and is gone, or is damaged, is FAULT_TEMP and never made anew in silence;
 * one of a newer version is FAULT_CONFIG. Several processes may have it open; a process
 * uses one handle from one thread.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef MAIL_LEDGER_LEDGER_H
#define MAIL_LEDGER_LEDGER_H

#include <stdbool.h>

#include "common/base/fault.h"

struct ledger;

enum ledger_way {
	LEDGER_WRITE, /* makes it when there never was one */
	LEDGER_READ,  /* changes nothing; *out is NULL when there never was one */
};

/* The ledger in the state directory `state` (made when missing). *out: ledger_close. */
int ledger_open(const char *state, enum ledger_way way, struct ledger **out,
	struct fault *why);
void ledger_close(struct ledger *l); /* NULL is fine; an open transaction is rolled back */
#define AUTO_LEDGER __attribute__((cleanup(ledger_close_at))) struct ledger
void ledger_close_at(struct ledger **l);

/* Path of the file, for sentences; borrowed. */
/*
 * A number that another connection's commit changes, and one of our own does not: as long as
 * it is the same, what was read still holds.
 */
int ledger_version(struct ledger *l, int64_t *out, struct fault *why);

const char *ledger_path(const struct ledger *l);

/* Has this user's ledger ever been made? (For those who must not begin without one.) */
bool ledger_was_made(const char *state);

/*
 * BEGIN IMMEDIATE, waiting for other writers up to a minute; COMMIT, which is the moment
 * when the changes are on stable storage. After a failed ledger_commit it is not known
 * whether they are: what they speak of must be left as it is until the next recovery.
 * ledger_rollback after a failed statement undoes all since ledger_begin for sure.
 */
int ledger_begin(struct ledger *l, struct fault *why);
int ledger_commit(struct ledger *l, struct fault *why);
void ledger_rollback(struct ledger *l);

#endif
