/*
 * The tables of the ledger and their version.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef MAIL_LEDGER_SCHEMA_H
#define MAIL_LEDGER_SCHEMA_H

/* PRAGMA user_version of a ledger that this program writes. */
enum { SCHEMA_VERSION = 3 };

/* PRAGMA application_id: "mrld". */
enum { SCHEMA_APPLICATION = 0x6d726c64 };

/* Statements that make all tables of the newest version; ended by NULL. */
extern const char *const schema_tables[];

/*
 * schema_steps[v] (ended by NULL) lead from version v to v + 1, for ledgers of users who
 * had an older program; index 0 is unused.
 */
extern const char *const *const schema_steps[];

#endif
