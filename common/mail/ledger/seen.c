/*
 * What is remembered for a while: see seen.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/seen.h"

#include "common/mail/ledger/statement.h"

/* 1: this ledger has the tables. */
static int has_tables(struct ledger *l, struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, "SELECT 1 FROM sqlite_master WHERE name = 'seen'", &s, why) < 0)
		return -1;
	got = statement_step(&s, why);
	if (got == 1)
		statement_end(&s);
	return got;
}

int seen_read(struct ledger *l, struct slice key, struct slice id, int64_t now,
	struct buf *waits_for, struct fault *why)
{
	struct statement s;
	int got = has_tables(l, why);

	buf_clear(waits_for);
	if (got != 1)
		return got;
	if (statement_get(l,
		    "SELECT id, id <> '' AND NOT EXISTS (SELECT 1 FROM done WHERE done.id = seen.id)"
		    " FROM seen WHERE key = ? AND until > ? AND (id = '' OR id <> ?)", &s, why) < 0)
		return -1;
	statement_text(&s, key);
	statement_number(&s, now);
	statement_text(&s, id);
	got = statement_step(&s, why);
	if (got == 1) {
		struct slice marker = statement_take_text(&s);

		if (statement_take_number(&s) != 0)
			buf_set(waits_for, marker);
		statement_end(&s);
	}
	return got;
}

int seen_write(struct ledger *l, struct slice key, struct slice id, int64_t until,
	int64_t now, struct fault *why)
{
	struct statement s;

	if (statement_get(l,
		    "INSERT INTO seen (key, id, until) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO"
		    " UPDATE SET id = iif(until > ?4, id, ?2), until = max(until, ?3)", &s, why) < 0)
		return -1;
	statement_text(&s, key);
	statement_text(&s, id);
	statement_number(&s, until);
	statement_number(&s, now);
	return statement_run(&s, why);
}

int seen_renew(struct ledger *l, struct slice key, int64_t until, int64_t now,
	struct fault *why)
{
	struct statement s;

	if (statement_get(l, "UPDATE seen SET until = max(until, ?) WHERE key = ? AND until > ?",
		    &s, why) < 0)
		return -1;
	statement_number(&s, until);
	statement_text(&s, key);
	statement_number(&s, now);
	return statement_run(&s, why);
}

int vacation_is_due(struct ledger *l, struct slice handle, struct slice target, int64_t now,
	struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, "SELECT 1 FROM vacation WHERE handle = ? AND target = lower(?)"
			     " AND until > ?", &s, why) < 0)
		return -1;
	statement_text(&s, handle);
	statement_text(&s, target);
	statement_number(&s, now);
	got = statement_step(&s, why);
	if (got == 1)
		statement_end(&s);
	return got < 0 ? -1 : !got;
}

int vacation_write(struct ledger *l, struct slice handle, struct slice target, int64_t until,
	struct fault *why)
{
	struct statement s;

	if (statement_get(l, "REPLACE INTO vacation (handle, target, until)"
			     " VALUES (?, lower(?), ?)", &s, why) < 0)
		return -1;
	statement_text(&s, handle);
	statement_text(&s, target);
	statement_number(&s, until);
	return statement_run(&s, why);
}

int vacation_forget(struct ledger *l, struct slice handle, struct slice target,
	struct fault *why)
{
	struct statement s;

	if (statement_get(l, "DELETE FROM vacation WHERE handle = ? AND target = lower(?)", &s,
		    why) < 0)
		return -1;
	statement_text(&s, handle);
	statement_text(&s, target);
	return statement_run(&s, why);
}

int64_t seen_until(int64_t now, int64_t seconds)
{
	return seconds > INT64_MAX - now ? INT64_MAX : now + seconds;
}

int seen_prune(struct ledger *l, int64_t now, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "DELETE FROM seen WHERE until <= ?", &s, why) < 0)
		return -1;
	statement_number(&s, now);
	if (statement_run(&s, why) < 0)
		return -1;
	if (statement_get(l, "DELETE FROM vacation WHERE until <= ?", &s, why) < 0)
		return -1;
	statement_number(&s, now);
	return statement_run(&s, why);
}
