/*
 * What mr-deliver keeps in the ledger: messages that are done, intents, and the log.
 *
 * A message that carries an id is made of actions, each known by (id, kind, target,
 * variant) and in one state. When all are done the message is, and only the id stays,
 * with the rows of the log. An action that was done before a partial failure stays done,
 * whatever the rules say when the message comes again.
 *
 * Functions that change something want an open transaction (ledger_begin).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef MAIL_LEDGER_DELIVERY_H
#define MAIL_LEDGER_DELIVERY_H

#include "common/base/buf.h"
#include "common/mail/ledger/ledger.h"

enum intent_state {
	INTENT_NONE = -1,   /* no such row */
	INTENT_OPEN = 0,    /* wanted, nobody is at it */
	INTENT_PENDING = 1, /* its owner is at it, or died over it */
	INTENT_DONE = 2,
};

/* One action of one message. All texts are owned; all zero is empty. */
struct intent {
	/* the key */
	struct buf id;
	struct buf kind;   /* "keep", "fileinto", "redirect", "discard" */
	struct buf target; /* as the rule has it; empty for keep and discard */
	unsigned variant;

	enum intent_state state;
	long owner;       /* number of the owner's lock */
	struct buf boot;  /* boot id of the kernel it was made under */
	int64_t made;     /* seconds since 1970 */

	/* Where it goes; empty for what is no mailbox. */
	struct buf scheme; /* "maildir", "mbox" */
	struct buf path;   /* absolute, of this mailbox: directory or file */
	struct buf place;  /* Maildir: "new" or "cur" */
	struct buf base;   /* Maildir: the name it gets */
	struct buf tmp;    /* Maildir: its name in tmp */

	/* The file as it is when the intent is committed. */
	uint64_t device;
	uint64_t volume; /* statfs f_fsid: stays the same when devices are numbered anew */
	uint64_t inode;
	uint64_t size;
	int64_t mtime; /* nanoseconds */

	/* mbox: the entry from its From_ line to the empty line. */
	uint64_t start;
	uint64_t length;
	uint64_t digest;
	struct buf from_line; /* and the first bytes behind it */

	/* For the log. */
	struct buf message_id;
	struct buf account;
	struct buf source; /* folder at the source */
	struct buf rule;
};

void intent_clear(struct intent *i);

struct intent_list {
	struct intent *at;
	size_t count;
};

void intent_list_clear(struct intent_list *list);

/* 1 done, 0 not, -1. */
int ledger_is_done(struct ledger *l, struct slice id, struct fault *why);

/*
 * The id is done, but for a message with another Message-ID: its source gave the id away
 * again (RFC 1939 section 7 lets a POP3 server do so when the first is deleted). 1, 0, -1.
 */
int ledger_is_of_another(struct ledger *l, struct slice id, struct slice message_id,
	struct fault *why);

/* The id is done no more: what comes under it next is stored. */
int ledger_forget(struct ledger *l, struct slice id, struct fault *why);

/* An owner at which an action of this id is pending: 1 and *owner, 0 none, -1. */
int ledger_pending_owner(struct ledger *l, struct slice id, long *owner, struct fault *why);

int ledger_intent_state(struct ledger *l, const struct intent *key, enum intent_state *out,
	struct fault *why);

/* Adds the intent, or replaces one with the same key. */
int ledger_put_intent(struct ledger *l, const struct intent *i, struct fault *why);

/*
 * Changes the state of one action. INTENT_DONE also adds its row to the log, with `note`
 * ("", or what was special), once.
 */
int ledger_set_state(struct ledger *l, const struct intent *key, enum intent_state state,
	const char *note, struct fault *why);

/* The log's row alone, where ledger_finish follows in the same transaction. */
int ledger_log_done(struct ledger *l, const struct intent *key, const char *note,
	struct fault *why);

/* The message is done: its id stays, its actions go. */
int ledger_finish(struct ledger *l, struct slice id, struct fault *why);

/* The same when all its actions are done, whoever did them; else nothing. */
int ledger_finish_if_complete(struct ledger *l, struct slice id, struct fault *why);

/* A row of the log for what has no intent: a plain message. */
int ledger_log(struct ledger *l, const struct intent *i, const char *note, struct fault *why);

/* ---- recovery ---- */

/* Owners that have something pending, in *owners (free it), without `self`. */
int ledger_owners(struct ledger *l, long self, long **owners, size_t *count,
	struct fault *why);

/* Owners other than self with something pending in the mailbox `path`; the same form. */
int ledger_owners_of_path(struct ledger *l, long self, const char *path, long **owners,
	size_t *count, struct fault *why);

/* The dead owner's pending intents become self's: the owner only, never the boot id. */
int ledger_take_over(struct ledger *l, long dead, long self, struct fault *why);

/* All that is pending at this owner. */
int ledger_pending(struct ledger *l, long owner, struct intent_list *out, struct fault *why);

/* Does a pending intent speak of this name in tmp? 1, 0, -1. */
int ledger_tmp_is_known(struct ledger *l, const char *tmp, struct fault *why);

/* ---- looking back ---- */

struct ledger_health {
	int64_t done;    /* messages */
	int64_t pending; /* actions at an owner */
	int64_t open;    /* actions to be done again */
};

/* Reads all of the file: damage that nobody met yet is FAULT_TEMP. */
int ledger_examine(struct ledger *l, struct ledger_health *out, struct fault *why);

struct log_row {
	int64_t number, at;
	struct slice id, message_id, account, source, kind, target, rule, path, base, note;
};

/*
 * Calls `each` for the newest `limit` rows, oldest first, that have a number above
 * `after`. Slices last for the call.
 */
int ledger_log_read(struct ledger *l, int64_t after, int64_t limit,
	void (*each)(const struct log_row *row, void *context), void *context,
	struct fault *why);

/* A rule in the log: messages that it decided on, and when the last one was. */
struct log_count {
	struct slice rule;
	int64_t messages, last;
};

/* Each rule with rows from `since` (seconds since 1970) on, the busiest first. As above. */
int ledger_log_count(struct ledger *l, int64_t since,
	void (*each)(const struct log_count *row, void *context), void *context,
	struct fault *why);

#endif
