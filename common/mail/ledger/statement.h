/*
 * Prepared statements of the ledger: prepared once, bound in order, stepped.
 *
 *	struct statement s;
 *
 *	if (statement_get(l, "SELECT at FROM done WHERE id = ?", &s, why) < 0)
 *		return -1;
 *	statement_text(&s, id);
 *	got = statement_step(&s, why);
 *	...
 *	statement_end(&s);
 *
 * For the files of this folder only. Texts may hold any byte.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef MAIL_LEDGER_STATEMENT_H
#define MAIL_LEDGER_STATEMENT_H

#include <sqlite3.h>

#include "common/base/buf.h"
#include "common/mail/ledger/ledger.h"

struct statement {
	struct ledger *ledger;
	sqlite3_stmt *at; /* owned by the ledger */
	int bound;        /* how many are bound */
	int taken;        /* how many columns of the row are read */
};

/* `sql` must be a literal: its address is its identity. */
int statement_get(struct ledger *l, const char *sql, struct statement *out,
	struct fault *why);

/* Bind the next parameter. Bytes are borrowed until statement_end. */
void statement_text(struct statement *s, struct slice text);
void statement_number(struct statement *s, int64_t number);

/* 1 a row, 0 the end (then it is ended), -1 (ended, too). */
int statement_step(struct statement *s, struct fault *why);

/* Steps to the end, for statements that give no rows. */
int statement_run(struct statement *s, struct fault *why);

/* The next column of the row. The look lasts until the next step. */
struct slice statement_take_text(struct statement *s);
int64_t statement_take_number(struct statement *s);

void statement_end(struct statement *s);

/* Turns SQLite's last error into a fault: damaged, busy, full, whatever it is. */
int statement_fault(struct ledger *l, struct fault *why);

/* The handle behind it, and its table of statements. */
struct ledger {
	sqlite3 *db;
	char *path;
	bool open; /* a transaction is */
	struct {
		const char *sql;
		sqlite3_stmt *at;
	} *prepared;
	size_t prepared_count;
};

#endif
