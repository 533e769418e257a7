/*
 * Messages that were fetched and stay at their server: see source.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/source.h"

#include "common/mail/ledger/statement.h"

int source_letter_write(struct ledger *l, const char *place, struct slice item,
	const struct source_letter *letter, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "INSERT OR REPLACE INTO source_letter (place, item, at, digest, size)"
			     " VALUES (?, ?, ?, ?, ?)", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_text(&s, item);
	statement_number(&s, letter->at);
	statement_number(&s, (int64_t)letter->digest);
	statement_number(&s, (int64_t)letter->size);
	return statement_run(&s, why);
}

int source_letter_read(struct ledger *l, const char *place, struct slice item,
	struct source_letter *out, struct fault *why)
{
	struct statement s;
	int got;

	*out = (struct source_letter){ 0 };
	if (statement_get(l, "SELECT at, digest, size FROM source_letter"
			     " WHERE place = ? AND item = ?", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_text(&s, item);
	got = statement_step(&s, why);
	if (got == 1) {
		out->at = statement_take_number(&s);
		out->digest = (uint64_t)statement_take_number(&s);
		out->size = (uint64_t)statement_take_number(&s);
	}
	statement_end(&s);
	return got;
}

int source_letter_end(struct ledger *l, const char *place, struct slice item,
	struct fault *why)
{
	struct statement s;

	if (statement_get(l, "DELETE FROM source_letter WHERE place = ? AND item = ?", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_text(&s, item);
	return statement_run(&s, why);
}

int source_letters_end(struct ledger *l, const char *place, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "DELETE FROM source_letter WHERE place = ?", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	return statement_run(&s, why);
}

/* One number about a place; left as it is when there is no row. */
static int number_of(struct ledger *l, const char *sql, const char *place, int64_t *out,
	struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, sql, &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	got = statement_step(&s, why);
	if (got == 1)
		*out = statement_take_number(&s);
	statement_end(&s);
	return got < 0 ? -1 : 0;
}

int source_letters_oldest(struct ledger *l, const char *place, int64_t *out,
	struct fault *why)
{
	*out = INT64_MAX;
	return number_of(l, "SELECT at FROM source_letter WHERE place = ? ORDER BY at LIMIT 1",
		place, out, why);
}

int source_letters_count(struct ledger *l, const char *place, uint64_t *out,
	struct fault *why)
{
	int64_t count = 0;
	int result = number_of(l, "SELECT count(*) FROM source_letter WHERE place = ?", place,
		&count, why);

	*out = (uint64_t)count;
	return result;
}

int source_letters_read(struct ledger *l, const char *place, int64_t before,
	void (*each)(void *arg, struct slice item, const struct source_letter *letter),
	void *arg, struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, "SELECT at, digest, size, item FROM source_letter"
			     " WHERE place = ? AND at < ? ORDER BY item", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_number(&s, before);
	while ((got = statement_step(&s, why)) == 1) {
		struct source_letter letter;

		letter.at = statement_take_number(&s);
		letter.digest = (uint64_t)statement_take_number(&s);
		letter.size = (uint64_t)statement_take_number(&s);
		each(arg, statement_take_text(&s), &letter);
	}
	statement_end(&s);
	return got;
}

int source_log_discard(struct ledger *l, int64_t at, struct slice id, struct slice message_id,
	const char *account, const char *folder, const char *rule, struct fault *why)
{
	const struct slice texts[] = { id, message_id, slice_text(account), slice_text(folder),
		SLICE("discard"), SLICE(""), slice_text(rule), SLICE(""), SLICE(""),
		SLICE("not downloaded") };
	struct statement s;

	if (statement_get(l, "INSERT INTO log (at, id, message_id, account, source, kind, target,"
			     " rule, path, base, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		    &s, why) < 0)
		return -1;
	statement_number(&s, at);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		statement_text(&s, texts[i]);
	return statement_run(&s, why);
}
