/*
 * The tables of the ledger: see schema.h.
 *
 * Times are seconds since 1970, but for mtime (nanoseconds). Identities and names are
 * bytes as they came, stored as text.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/schema.h"

#include <stddef.h>

/*
 * A message that was fetched and stays at its server: when it was stored here, and what tells
 * it from others should the server number anew. item: its UID, or its UIDL.
 */
#define SOURCE_LETTER                                                                        \
	"CREATE TABLE source_letter (place TEXT NOT NULL, item TEXT NOT NULL,"               \
	" at INTEGER NOT NULL, digest INTEGER NOT NULL, size INTEGER NOT NULL,"              \
	" PRIMARY KEY (place, item)) WITHOUT ROWID"

/* Is anything due? That is asked at each run, also of a mailbox of 100,000. */
#define SOURCE_LETTER_AT "CREATE INDEX source_letter_at ON source_letter (place, at)"

/*
 * Keys that messages marked (RFC 7352): by which one, and until when that counts. id: empty
 * for a plain message.
 */
#define SEEN                                                                                 \
	"CREATE TABLE seen (key TEXT PRIMARY KEY NOT NULL, id TEXT NOT NULL,"                \
	" until INTEGER NOT NULL) WITHOUT ROWID"
#define SEEN_UNTIL "CREATE INDEX seen_until ON seen (until)"

/* Who got a vacation reply (RFC 5230), and until when there is no second one. */
#define VACATION                                                                             \
	"CREATE TABLE vacation (handle TEXT NOT NULL, target TEXT NOT NULL,"                 \
	" until INTEGER NOT NULL, PRIMARY KEY (handle, target)) WITHOUT ROWID"
#define VACATION_UNTIL "CREATE INDEX vacation_until ON vacation (until)"

const char *const schema_tables[] = {
	/* ---- delivery: mr-deliver writes, mr-filter may read ---- */

	/* A message of which everything is done; its Message-ID, for ids that are used again. */
	"CREATE TABLE done (id TEXT PRIMARY KEY NOT NULL, at INTEGER NOT NULL,"
	" message_id TEXT NOT NULL) WITHOUT ROWID",

	/*
	 * What is to be done with a message that is not done yet, one row per action: the
	 * intent. state 0: wanted, nobody is at it; 1: its owner is at it; 2: done.
	 */
	"CREATE TABLE action ("
	" id TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, variant INTEGER NOT NULL,"
	" state INTEGER NOT NULL, owner INTEGER NOT NULL, boot TEXT NOT NULL,"
	" made INTEGER NOT NULL,"
	/* where: scheme and path of the mailbox; Maildir: new or cur, the two names */
	" scheme TEXT NOT NULL, path TEXT NOT NULL, place TEXT NOT NULL, base TEXT NOT NULL,"
	" tmp TEXT NOT NULL,"
	/* the file: of the message (Maildir), of the mailbox (mbox) */
	" device INTEGER NOT NULL, volume INTEGER NOT NULL, inode INTEGER NOT NULL,"
	" size INTEGER NOT NULL, mtime INTEGER NOT NULL,"
	/* mbox: where in it, and how to know it again */
	" start INTEGER NOT NULL, length INTEGER NOT NULL, digest INTEGER NOT NULL,"
	" from_line TEXT NOT NULL,"
	/* for the log */
	" message_id TEXT NOT NULL, account TEXT NOT NULL, source TEXT NOT NULL,"
	" rule TEXT NOT NULL,"
	" PRIMARY KEY (id, kind, target, variant)) WITHOUT ROWID",
	"CREATE INDEX action_pending ON action (owner) WHERE state = 1",

	/* What went where, and which rule said so: promise 4. */
	"CREATE TABLE log (number INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
	" id TEXT NOT NULL, message_id TEXT NOT NULL,"
	" account TEXT NOT NULL, source TEXT NOT NULL,"
	" kind TEXT NOT NULL, target TEXT NOT NULL, rule TEXT NOT NULL,"
	" path TEXT NOT NULL, base TEXT NOT NULL, note TEXT NOT NULL)",
	"CREATE INDEX log_message ON log (message_id)",

	SEEN,
	SEEN_UNTIL,
	VACATION,
	VACATION_UNTIL,

	/* ---- sources: mr-fetch's own state ---- */

	/*
	 * An IMAP folder: UIDs fetched and kept there, UIDs stored here and to be deleted there;
	 * UIDNEXT and HIGHESTMODSEQ when nothing was left to do in it, 0 when that is not known;
	 * the digest of the settings that chose.
	 */
	"CREATE TABLE source_folder (place TEXT PRIMARY KEY NOT NULL, validity INTEGER NOT NULL,"
	" kept TEXT NOT NULL, leaving TEXT NOT NULL,"
	" next INTEGER NOT NULL DEFAULT 0, modseq INTEGER NOT NULL DEFAULT 0,"
	" choice INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",

	/* A message known by its UIDL. mark 1: kept there; 2: to be deleted there. */
	"CREATE TABLE source_item (place TEXT NOT NULL, item TEXT NOT NULL,"
	" mark INTEGER NOT NULL, PRIMARY KEY (place, item)) WITHOUT ROWID",

	SOURCE_LETTER,
	SOURCE_LETTER_AT,

	/* What could not be stored, and when to try it again. */
	"CREATE TABLE source_pause (place TEXT NOT NULL, item TEXT NOT NULL,"
	" tries INTEGER NOT NULL, until INTEGER NOT NULL,"
	" PRIMARY KEY (place, item)) WITHOUT ROWID",

	/*
	 * Has the account ever logged in? The trouble that was told last, and when; its exit
	 * status, since when and how often in a row; not before when to try again; the last
	 * success; how many messages waited at the server then (-1: not known).
	 */
	"CREATE TABLE source_account (name TEXT PRIMARY KEY NOT NULL, ran INTEGER NOT NULL,"
	" trouble TEXT NOT NULL, told INTEGER NOT NULL, kind INTEGER NOT NULL DEFAULT 0,"
	" since INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,"
	" due INTEGER NOT NULL DEFAULT 0, success INTEGER NOT NULL DEFAULT 0,"
	" waiting INTEGER NOT NULL DEFAULT -1) WITHOUT ROWID",

	NULL,
};

static const char *const from_1[] = {
	"ALTER TABLE source_folder ADD COLUMN next INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE source_folder ADD COLUMN modseq INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE source_folder ADD COLUMN choice INTEGER NOT NULL DEFAULT 0",
	SOURCE_LETTER,
	SOURCE_LETTER_AT,
	"ALTER TABLE source_account ADD COLUMN kind INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE source_account ADD COLUMN since INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE source_account ADD COLUMN tries INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE source_account ADD COLUMN due INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE source_account ADD COLUMN success INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE source_account ADD COLUMN waiting INTEGER NOT NULL DEFAULT -1",
	NULL,
};

static const char *const from_2[] = { SEEN, SEEN_UNTIL, VACATION, VACATION_UNTIL, NULL };

const char *const *const schema_steps[] = { NULL, from_1, from_2 };
