/*
 * One run of mr-deliver: what all its parts share.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_RUN_H
#define DELIVER_RUN_H

#include "common/base/program.h"
#include "common/mail/deliver_settings.h"
#include "common/mail/outlet.h"
#include "deliver/marks.h"
#include "deliver/outgoing.h"
#include "deliver/target.h"

struct run {
	const struct deliver_settings *settings; /* borrowed */
	const struct stores *stores;             /* borrowed */
	const struct program_settings *programs; /* borrowed */
	char *state;                             /* the state directory */
	struct host host;
	struct owner owner;
	struct ledger *ledger; /* NULL: a plain message and `ledger = false` */
	struct spool spool;    /* of the mboxes */
	struct surroundings around;
	struct targets targets;
	struct outgoing outgoing;
	struct outlet receipts;
	struct unit **units; /* the batch: whole messages, not yet committed */
	size_t count;
	struct unit **copies; /* of what this batch has sent */
	size_t copy_count;
	uint64_t bytes;
	int64_t oldest; /* clock_tick of the first of them */
	int64_t version; /* of the ledger, before the first of them was decided on */
	struct marks marks;
	bool unclean;     /* something was left for recovery */
	uint64_t stored;
	uint64_t deferred;
	struct buf reason; /* the last that was said, and how often it came again */
	uint64_t again;
	bool refuse; /* the caller can refuse a plain message: by our exit status */
	int status;
};

/* Takes an owner's lock. The struct is borrowed by its own parts: it must not move. */
int run_open(struct run *r, const struct deliver_settings *settings, const struct stores *stores,
	struct fault *why);

/* Opens the ledger and recovers what dead owners left. */
int run_open_ledger(struct run *r, struct fault *why);

/* Writes what is to be written last. Says what went wrong; the status is in r->status. */
void run_close(struct run *r);

/* Ends a unit whose verdict is known: receipt, line on stderr, counts. Owns and frees it. */
void run_answer(struct run *r, struct unit *u);

/*
 * The next part of the batch that goes to a mailbox and is still wanted, of a unit without
 * a verdict; NULL at the end. *unit and *part are the place reached, from 0; behind the call
 * *unit is the part's unit.
 */
struct part *run_next_stored(const struct run *r, size_t *unit, size_t *part);

/* A line on stderr, but not the same again and again. */
void run_say(struct run *r, const struct unit *u, const char *text);

#endif
