/*
 * What mr-fetch remembers between two runs.
 *
 * A place is where messages lie: "imap/HOST/USER/FOLDER", "pop3/HOST/USER". All writing
 * is done within a transaction of the caller (ledger_begin, ledger_commit).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef MAIL_LEDGER_SOURCE_H
#define MAIL_LEDGER_SOURCE_H

#include "common/base/buf.h"
#include "common/mail/ledger/ledger.h"

/*
 * An IMAP folder. `kept` are UIDs that were fetched and stay on the server; `leaving` are
 * stored here and are to be deleted there. Both as IMAP sequence sets. All zero: unknown.
 *
 * `next` is the UIDNEXT below which nothing is left to be done (no message wanted, paused,
 * leaving or waiting for its day), `modseq` the HIGHESTMODSEQ of that moment; 0: not known.
 * `choice` is a digest of the settings that chose what is wanted: under others `next` says
 * nothing.
 */
struct source_folder {
	uint64_t validity;
	uint64_t next;
	uint64_t modseq;
	uint64_t choice;
	struct buf kept;
	struct buf leaving;
};
int source_folder_read(struct ledger *l, const char *place, struct source_folder *out,
	struct fault *why);
int source_folder_write(struct ledger *l, const char *place, const struct source_folder *f,
	struct fault *why);
void source_folder_free(struct source_folder *f);

/*
 * One message known by its UIDL. NONE: not known, or to be forgotten; HEADED: it is too
 * large, and only its header was fetched.
 */
enum source_mark { SOURCE_NONE, SOURCE_KEPT, SOURCE_LEAVING, SOURCE_HEADED };
int source_item_read(struct ledger *l, const char *place, struct slice item,
	enum source_mark *mark, struct fault *why);
int source_item_write(struct ledger *l, const char *place, struct slice item,
	enum source_mark mark, struct fault *why);
int source_item_count(struct ledger *l, const char *place, uint64_t *out, struct fault *why);
/* All of a place, in the order of their bytes (memcmp, the shorter first). */
int source_items_read(struct ledger *l, const char *place,
	void (*each)(void *arg, struct slice item, enum source_mark mark), void *arg,
	struct fault *why);

/*
 * A message that was fetched; `item` is its UID in decimal, or its UIDL. Over IMAP only of
 * what stays at its server; a POP3 server may give a UIDL away again when its message is
 * gone, so there the row stays, too, as the ids do that are done (delivery.h).
 */
struct source_letter {
	int64_t at;      /* stored here, seconds since 1970 */
	uint64_t digest; /* of its Message-ID, else of its header; 0: not known */
	uint64_t size;   /* bytes as they came; 0: not known */
};
int source_letter_write(struct ledger *l, const char *place, struct slice item,
	const struct source_letter *letter, struct fault *why);
/* 1 and *out, 0 not known, -1. */
int source_letter_read(struct ledger *l, const char *place, struct slice item,
	struct source_letter *out, struct fault *why);
int source_letter_end(struct ledger *l, const char *place, struct slice item,
	struct fault *why);
/* Forgets all of a place: it was numbered anew. */
int source_letters_end(struct ledger *l, const char *place, struct fault *why);
/* When the oldest of them was stored; INT64_MAX: there is none. */
int source_letters_oldest(struct ledger *l, const char *place, int64_t *out,
	struct fault *why);
int source_letters_count(struct ledger *l, const char *place, uint64_t *out,
	struct fault *why);
/* Those stored before `before` (INT64_MAX: all), in the order of their items. */
int source_letters_read(struct ledger *l, const char *place, int64_t before,
	void (*each)(void *arg, struct slice item, const struct source_letter *letter),
	void *arg, struct fault *why);

/*
 * A message that the rules discard unseen (prefilter) was never delivered: one row of the
 * log, kind "discard", says which rule of which file did it.
 */
int source_log_discard(struct ledger *l, int64_t at, struct slice id, struct slice message_id,
	const char *account, const char *folder, const char *rule, struct fault *why);

/*
 * Forgets what the server has no more: list all that it has between begin and end. Works
 * in a temporary table, so that no list is held in memory.
 */
int source_list_begin(struct ledger *l, struct fault *why);
int source_list_add(struct ledger *l, struct slice item, struct fault *why);
int source_list_end(struct ledger *l, const char *place, struct fault *why);

/*
 * A message that could not be stored is left alone for a while, so that it is not
 * downloaded every five minutes: not at all after the first failure, then 15 minutes, 30,
 * 60 and so on up to a day.
 */
int source_pause_add(struct ledger *l, const char *place, struct slice item, int64_t now,
	struct fault *why);
int source_pause_end(struct ledger *l, const char *place, struct slice item,
	struct fault *why);
/* Adds the items of this place that are not to be tried before `now`. */
int source_pauses(struct ledger *l, const char *place, int64_t now, struct strings *out,
	struct fault *why);

/* Is this said of the place for the first time? For what is to be told only once. */
int source_told(struct ledger *l, const char *place, struct slice what, bool *first,
	struct fault *why);

/*
 * When the next message that waits in a place that begins so is due: seconds since 1970, 0
 * for none. Those due before `since` have been tried by then, or are gone.
 */
int source_pause_next(struct ledger *l, const char *place_start, int64_t since, int64_t *out,
	struct fault *why);

/*
 * An account by its name: has it ever logged in, its trouble, its last success. Times are
 * seconds since 1970, 0: never. All zero but for waiting: unknown.
 */
struct source_account {
	bool ran;
	struct buf trouble; /* what ended the last run; empty: all was well */
	int kind;           /* of that trouble: its exit status */
	int64_t since;      /* in trouble since */
	int64_t told;       /* the trouble was last said */
	int64_t tries;      /* runs in a row that ended in trouble which asks for a pause */
	int64_t due;        /* not to be tried before */
	int64_t success;    /* the first run without trouble since, or at all, ended; 0: none */
	int64_t waiting;    /* messages left at the server then; -1: not known */
};
int source_account_read(struct ledger *l, const char *name, struct source_account *out,
	struct fault *why);
int source_account_write(struct ledger *l, const char *name, const struct source_account *a,
	struct fault *why);
void source_account_free(struct source_account *a);

/* Forgets all that is remembered of places that begin so. */
int source_forget(struct ledger *l, const char *place_start, struct fault *why);

#endif
