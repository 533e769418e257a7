/*
 * Prepared statements: see statement.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/statement.h"

int statement_fault(struct ledger *l, struct fault *why)
{
	int code = sqlite3_errcode(l->db) & 0xff;

	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		return fault_set(why, FAULT_TEMP,
			"the ledger %s is damaged (%s): see \"mr-deliver doctor\" in mr-deliver(1)",
			l->path, sqlite3_errmsg(l->db));
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return fault_set(why, FAULT_TEMP, "the ledger %s is in use for too long", l->path);
	return fault_set(why, FAULT_TEMP, "ledger %s: %s", l->path, sqlite3_errmsg(l->db));
}

int statement_get(struct ledger *l, const char *sql, struct statement *out, struct fault *why)
{
	sqlite3_stmt *at = NULL;

	*out = (struct statement){ .ledger = l };
	for (size_t i = 0; i < l->prepared_count; i++) {
		if (l->prepared[i].sql == sql) {
			out->at = l->prepared[i].at;
			return 0;
		}
	}
	if (sqlite3_prepare_v3(l->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &at, NULL) != SQLITE_OK)
		return statement_fault(l, why);
	l->prepared = mem_grow(l->prepared, l->prepared_count + 1, sizeof(*l->prepared));
	l->prepared[l->prepared_count].sql = sql;
	l->prepared[l->prepared_count].at = at;
	l->prepared_count++;
	out->at = at;
	return 0;
}

void statement_text(struct statement *s, struct slice text)
{
	/* Out of memory is the only error here, and then the step reports a NULL. */
	(void)sqlite3_bind_text64(s->at, ++s->bound, text.ptr, text.len, SQLITE_STATIC,
		SQLITE_UTF8);
}

void statement_number(struct statement *s, int64_t number)
{
	(void)sqlite3_bind_int64(s->at, ++s->bound, number);
}

int statement_step(struct statement *s, struct fault *why)
{
	int got = sqlite3_step(s->at);

	s->taken = 0;
	if (got == SQLITE_ROW)
		return 1;
	if (got != SQLITE_DONE)
		statement_fault(s->ledger, why);
	statement_end(s);
	return got == SQLITE_DONE ? 0 : -1;
}

int statement_run(struct statement *s, struct fault *why)
{
	int got;

	do {
		got = statement_step(s, why);
	} while (got == 1);
	return got;
}

struct slice statement_take_text(struct statement *s)
{
	const void *ptr = sqlite3_column_text(s->at, s->taken);
	int len = sqlite3_column_bytes(s->at, s->taken);

	s->taken++;
	return slice_of(ptr ? ptr : "", (size_t)len);
}

int64_t statement_take_number(struct statement *s)
{
	return sqlite3_column_int64(s->at, s->taken++);
}

void statement_end(struct statement *s)
{
	sqlite3_reset(s->at);
	sqlite3_clear_bindings(s->at);
}
