/*
 * A kind of mailbox is one object: the calls of a delivery in their order.
 *
 *	open                                   once per run
 *	begin, write..., finish                while the message arrives
 *	secure                                 all bytes on stable storage, or the lock held
 *	                                       -- here the ledger commits the intents --
 *	place                                  into its place
 *	settle                                 once per mailbox and batch: the place is durable
 *
 * Before the commit drop undoes an entry without a trace. After it, leave keeps what is
 * there for recovery to decide on, and revoke takes an entry back whose place could not be
 * made durable (its intent was opened again before). release ends the batch for a mailbox.
 * All faults are FAULT_TEMP.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_MAILBOX_H
#define DELIVER_MAILBOX_H

#include "common/base/stage.h"
#include "common/mail/ledger/delivery.h"
#include "deliver/mbox_entry.h"
#include "deliver/owner.h"
#include "deliver/spool.h"

/* What mailboxes share in a run; all borrowed. */
struct surroundings {
	struct owner *owner;
	const struct host *host;
	struct spool *spool;
	int64_t lock_timeout; /* milliseconds */
	mode_t file_mode;
	mode_t directory_mode;
};

struct mailbox_ops;

struct mailbox {
	const struct mailbox_ops *ops;
	const struct surroundings *around;
	char *path;  /* absolute */
	bool in_use; /* by the batch that is being gathered */
	bool failed; /* in this batch: why is in `reason` */
	struct fault reason;
};

/* What is known of a message when it is whole. */
struct letter {
	struct slice sender;   /* envelope sender, empty for the null sender or none */
	int64_t received;      /* seconds since 1970 */
	struct slice flags;    /* IMAP flags parted by blanks */
};

/* One message on its way into one mailbox. */
struct entry {
	struct mailbox *box;
	struct intent intent; /* filled by finish and secure */
	struct stage stage;   /* Maildir */
	bool linked;          /* Maildir: another entry's file, synced there */
	struct mbox_quote quote; /* mbox */
	struct spooled body;     /* mbox: quoted, with the empty line behind it */
	bool placed;
};

enum finding {
	FINDING_STORED, /* it is there; its directories are still to be synced */
	FINDING_ABSENT, /* it is not there and nothing is left of it */
	FINDING_DOUBT,  /* cannot be told now */
};

struct mailbox_ops {
	const char *scheme;
	/* Opens what is at path and makes what is missing; `inbox`: the root of the store. */
	int (*open)(const char *path, bool inbox, const struct surroundings *around,
		struct mailbox **out, struct fault *why);
	void (*close)(struct mailbox *box);

	int (*begin)(struct entry *e, struct fault *why);
	int (*write)(struct entry *e, struct slice bytes, struct fault *why);
	/* The bytes that `from`, of the same kind, was given; instead of begin and write. */
	int (*copy)(struct entry *e, struct entry *from, struct fault *why);
	int (*finish)(struct entry *e, const struct letter *letter, struct fault *why);
	void (*drop)(struct entry *e);

	int (*lock)(struct mailbox *box, struct fault *why); /* NULL: needs none */
	int (*secure)(struct entry *e, struct fault *why);
	int (*place)(struct entry *e, struct fault *why);
	int (*settle)(struct mailbox *box, struct fault *why);
	void (*leave)(struct entry *e);
	void (*revoke)(struct entry *e);
	void (*release)(struct mailbox *box);

	/*
	 * Decides on an intent that a dead owner left, `now` by the ledger's time, and
	 * finishes what can be finished. In DOUBT why says what is in the way.
	 */
	enum finding (*recover)(const struct intent *i, const struct surroundings *around,
		int64_t now, struct fault *why);
	/* Syncs the place of what recover found in the mailbox `path`. */
	int (*recover_sync)(const char *path, struct fault *why);
	/* Unlinks what `owner` left in the mailbox and no intent speaks of. */
	int (*sweep)(const char *path, const struct owner *owner, const struct host *host,
		struct ledger *ledger, struct fault *why);
};

extern const struct mailbox_ops mailbox_maildir;
extern const struct mailbox_ops mailbox_mbox;

#endif
