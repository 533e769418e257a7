/*
 * A message on its way: all its actions, of all its variants. One commit, one receipt.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_UNIT_H
#define DELIVER_UNIT_H

#include "common/mail/action.h"
#include "deliver/mailbox.h"

enum part_state {
	PART_WANTED,   /* to be done */
	PART_NEEDLESS, /* was done earlier, or another part does it */
	PART_DONE,
	PART_FAILED, /* after the commit: recovery decides, or its intent was opened again */
};

/* One action. */
struct part {
	struct action action;
	enum part_state state;
	struct entry entry; /* box NULL for what goes into no mailbox */
	struct buf flags;   /* IMAP flags parted by blanks */
	char *note;         /* for the log; NULL: nothing special */
	bool instead;       /* in a mailbox, in place of what it was to be */
	bool started;       /* the entry holds something that drop must undo */
	struct spooled raw; /* redirect, pipe: the message as it came, in the outgoing spool */
	struct spooled given; /* pipe: what of it the program gets */
	struct strings environment; /* pipe: SENDER and others */
	int64_t received;   /* pipe: of the message, should it be kept */
	char *sender;       /* envelope sender; reject: whom the report goes to */
	char *report;       /* reject: what its sender is told */
	bool refused;       /* reject: the caller is told, by the exit status */
	uint64_t ticket;    /* of outgoing_put */
	bool due;           /* a reply: to be sent in this batch */
	bool marked;        /* a vacation reply: its mark in the ledger is of this batch */
	bool asked;         /* an answer to it is due */
};

enum verdict {
	VERDICT_WANTED,   /* not decided: to be stored */
	VERDICT_STORED,
	VERDICT_DEFERRED, /* `why` says why */
};

struct unit {
	struct buf id; /* empty: a plain message */
	struct buf account;
	struct buf source;
	enum verdict verdict;
	struct fault why;
	char *refusal; /* why it is refused: NULL, it is not */
	bool copy; /* of what was sent (RFC 8580): its message is done without it */
	struct part *parts;
	size_t count;
	unsigned variants; /* 0: it is its only one */
	unsigned variant;  /* the last that began */
	uint64_t size;
};

void unit_free(struct unit *u);
/* Takes the action over. */
struct part *unit_add_part(struct unit *u, struct action *action);

/* What is sent at most once: a vacation reply, a notification. */
bool part_is_reply(const struct part *p);

/* True when a part of it has failed. */
bool unit_is_broken(const struct unit *u);

/* Nothing of it shall stay (before the commit): drops all entries; the verdict is deferred. */
void unit_fail(struct unit *u, const struct fault *why);

/* Drops all entries; the verdict is given. */
void unit_drop(struct unit *u, enum verdict verdict);

#endif
