/*
 * The group commit (DESIGN section 4).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_BATCH_H
#define DELIVER_BATCH_H

#include "deliver/run.h"

/* LIMIT: a batch is closed at so many messages, bytes, milliseconds of silence, or age. */
enum { BATCH_MESSAGES = 100, BATCH_BYTES = 8 << 20, BATCH_IDLE_MS = 250, BATCH_AGE_MS = 1000 };

/* Adds a whole unit; takes it over. */
void batch_add(struct run *r, struct unit *u);

bool batch_is_full(const struct run *r);

/* True when a unit in it has this id. */
bool batch_has(const struct run *r, struct slice id);

/*
 * Commits what was added and answers for it; the batch is empty then, whatever happened.
 * `open`: a message is arriving, whose bytes are in the spools. -1: the ledger's commit
 * failed, and it is not known what it holds: the run must end.
 */
int batch_commit(struct run *r, bool open, struct fault *why);

#endif
