/*
 * Looking back: the log, and the ledger's health (delivery.h).
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/delivery.h"

#include "common/mail/ledger/statement.h"

static int check_integrity(struct ledger *l, struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, "PRAGMA integrity_check(1)", &s, why) < 0)
		return -1;
	got = statement_step(&s, why);
	if (got == 1) {
		AUTO_BUF text = { 0 };

		buf_set(&text, statement_take_text(&s));
		statement_end(&s);
		if (!slice_is(buf_slice(&text), "ok"))
			return fault_set(why, FAULT_TEMP, "the ledger %s is damaged: %s",
				ledger_path(l), buf_text(&text));
	}
	return got < 0 ? -1 : 0;
}

int ledger_examine(struct ledger *l, struct ledger_health *out, struct fault *why)
{
	struct statement s;

	if (check_integrity(l, why) < 0)
		return -1;
	if (statement_get(l,
		    "SELECT (SELECT count(*) FROM done),"
		    " (SELECT count(*) FROM action WHERE state = 1),"
		    " (SELECT count(*) FROM action WHERE state = 0)", &s, why) < 0)
		return -1;
	if (statement_step(&s, why) != 1)
		return -1;
	out->done = statement_take_number(&s);
	out->pending = statement_take_number(&s);
	out->open = statement_take_number(&s);
	statement_end(&s);
	return 0;
}

int ledger_log_read(struct ledger *l, int64_t after, int64_t limit,
	void (*each)(const struct log_row *row, void *context), void *context,
	struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l,
		    "SELECT * FROM (SELECT number, at, id, message_id, account, source, kind,"
		    " target, rule, path, base, note FROM log WHERE number > ?"
		    " ORDER BY number DESC LIMIT ?) ORDER BY number", &s, why) < 0)
		return -1;
	statement_number(&s, after);
	statement_number(&s, limit);
	while ((got = statement_step(&s, why)) == 1) {
		struct log_row row = { 0 };
		struct slice *const texts[] = { &row.id, &row.message_id, &row.account, &row.source,
			&row.kind, &row.target, &row.rule, &row.path, &row.base, &row.note };

		row.number = statement_take_number(&s);
		row.at = statement_take_number(&s);
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
			*texts[i] = statement_take_text(&s);
		each(&row, context);
	}
	return got;
}

int ledger_log_count(struct ledger *l, int64_t since,
	void (*each)(const struct log_count *row, void *context), void *context,
	struct fault *why)
{
	struct statement s;
	int got;

	/* Two actions of a rule on one message are one; plain messages have no id. */
	if (statement_get(l,
		    "SELECT rule, count(DISTINCT CASE WHEN id = '' THEN number ELSE id END) AS n,"
		    " max(at) FROM log WHERE at >= ? AND rule <> '' GROUP BY rule"
		    " ORDER BY n DESC, rule", &s, why) < 0)
		return -1;
	statement_number(&s, since);
	while ((got = statement_step(&s, why)) == 1) {
		struct log_count row;

		row.rule = statement_take_text(&s);
		row.messages = statement_take_number(&s);
		row.last = statement_take_number(&s);
		each(&row, context);
	}
	statement_end(&s);
	return got;
}
