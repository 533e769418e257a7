/*
 * What is remembered of an account as a whole: see source.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/source.h"

#include "common/mail/ledger/statement.h"

int source_account_read(struct ledger *l, const char *name, struct source_account *out,
	struct fault *why)
{
	struct statement s;
	int got;

	source_account_free(out);
	*out = (struct source_account){ .waiting = -1 };
	if (statement_get(l, "SELECT ran, kind, since, told, tries, due, success, waiting, trouble"
			     " FROM source_account WHERE name = ?", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(name));
	got = statement_step(&s, why);
	if (got == 1) {
		out->ran = statement_take_number(&s) != 0;
		out->kind = (int)statement_take_number(&s);
		out->since = statement_take_number(&s);
		out->told = statement_take_number(&s);
		out->tries = statement_take_number(&s);
		out->due = statement_take_number(&s);
		out->success = statement_take_number(&s);
		out->waiting = statement_take_number(&s);
		buf_add_slice(&out->trouble, statement_take_text(&s));
	}
	statement_end(&s);
	return got < 0 ? -1 : 0;
}

int source_account_write(struct ledger *l, const char *name, const struct source_account *a,
	struct fault *why)
{
	const int64_t numbers[] = { a->ran, a->kind, a->since, a->told, a->tries, a->due,
		a->success, a->waiting };
	struct statement s;

	if (statement_get(l, "INSERT OR REPLACE INTO source_account (name, ran, kind, since, told,"
			     " tries, due, success, waiting, trouble)"
			     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(name));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		statement_number(&s, numbers[i]);
	statement_text(&s, buf_slice(&a->trouble));
	return statement_run(&s, why);
}

void source_account_free(struct source_account *a)
{
	buf_free(&a->trouble);
}
