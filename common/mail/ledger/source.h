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
 */
struct source_folder {
	uint64_t validity;
	struct buf kept;
	struct buf leaving;
};
int source_folder_read(struct ledger *l, const char *place, struct source_folder *out,
	struct fault *why);
int source_folder_write(struct ledger *l, const char *place, const struct source_folder *f,
	struct fault *why);
void source_folder_free(struct source_folder *f);

/* One message known by its UIDL. NONE: not known, or to be forgotten. */
enum source_mark { SOURCE_NONE, SOURCE_KEPT, SOURCE_LEAVING };
int source_item_read(struct ledger *l, const char *place, struct slice item,
	enum source_mark *mark, struct fault *why);
int source_item_write(struct ledger *l, const char *place, struct slice item,
	enum source_mark mark, struct fault *why);
int source_item_count(struct ledger *l, const char *place, uint64_t *out, struct fault *why);

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

/*
 * An account by its name: has it ever logged in, what was last said about its trouble, and
 * when. All zero: unknown.
 */
struct source_account {
	bool ran;
	struct buf trouble; /* empty: all was well */
	int64_t told;       /* seconds since 1970 */
};
int source_account_read(struct ledger *l, const char *name, struct source_account *out,
	struct fault *why);
int source_account_write(struct ledger *l, const char *name, const struct source_account *a,
	struct fault *why);
void source_account_free(struct source_account *a);

/* Forgets all that is remembered of places that begin so. */
int source_forget(struct ledger *l, const char *place_start, struct fault *why);

#endif
