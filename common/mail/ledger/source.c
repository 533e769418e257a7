/*
 * What mr-fetch remembers: see source.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/source.h"

#include "common/mail/ledger/statement.h"

/* LIMIT: the pauses of a message that cannot be stored, in seconds. */
enum { PAUSE_FIRST = 15 * 60, PAUSE_MOST = 24 * 60 * 60 };

int source_folder_read(struct ledger *l, const char *place, struct source_folder *out,
	struct fault *why)
{
	struct statement s;
	int got;

	out->validity = out->next = out->modseq = out->choice = 0;
	buf_clear(&out->kept);
	buf_clear(&out->leaving);
	if (statement_get(l, "SELECT validity, next, modseq, choice, kept, leaving FROM"
			     " source_folder WHERE place = ?", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	got = statement_step(&s, why);
	if (got == 1) {
		out->validity = (uint64_t)statement_take_number(&s);
		out->next = (uint64_t)statement_take_number(&s);
		out->modseq = (uint64_t)statement_take_number(&s);
		out->choice = (uint64_t)statement_take_number(&s);
		buf_add_slice(&out->kept, statement_take_text(&s));
		buf_add_slice(&out->leaving, statement_take_text(&s));
	}
	statement_end(&s);
	return got < 0 ? -1 : 0;
}

int source_folder_write(struct ledger *l, const char *place, const struct source_folder *f,
	struct fault *why)
{
	struct statement s;

	if (statement_get(l, "INSERT OR REPLACE INTO source_folder (place, validity, kept,"
			     " leaving, next, modseq, choice) VALUES (?, ?, ?, ?, ?, ?, ?)", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_number(&s, (int64_t)f->validity);
	statement_text(&s, buf_slice(&f->kept));
	statement_text(&s, buf_slice(&f->leaving));
	statement_number(&s, (int64_t)f->next);
	statement_number(&s, (int64_t)f->modseq);
	statement_number(&s, (int64_t)f->choice);
	return statement_run(&s, why);
}

void source_folder_free(struct source_folder *f)
{
	buf_free(&f->kept);
	buf_free(&f->leaving);
}

int source_item_read(struct ledger *l, const char *place, struct slice item,
	enum source_mark *mark, struct fault *why)
{
	struct statement s;
	int got;

	*mark = SOURCE_NONE;
	if (statement_get(l, "SELECT mark FROM source_item WHERE place = ? AND item = ?", &s,
		    why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_text(&s, item);
	got = statement_step(&s, why);
	if (got == 1)
		*mark = (enum source_mark)statement_take_number(&s);
	statement_end(&s);
	return got < 0 ? -1 : 0;
}

/* Runs a statement of two texts. */
static int run_pair(struct ledger *l, const char *sql, const char *place, struct slice item,
	struct fault *why)
{
	struct statement s;

	if (statement_get(l, sql, &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_text(&s, item);
	return statement_run(&s, why);
}

int source_item_write(struct ledger *l, const char *place, struct slice item,
	enum source_mark mark, struct fault *why)
{
	struct statement s;

	if (mark == SOURCE_NONE)
		return run_pair(l, "DELETE FROM source_item WHERE place = ? AND item = ?", place,
			item, why);
	if (statement_get(l, "INSERT OR REPLACE INTO source_item VALUES (?, ?, ?)", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_text(&s, item);
	statement_number(&s, mark);
	return statement_run(&s, why);
}

int source_item_count(struct ledger *l, const char *place, uint64_t *out, struct fault *why)
{
	struct statement s;
	int got;

	*out = 0;
	if (statement_get(l, "SELECT count(*) FROM source_item WHERE place = ?", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	got = statement_step(&s, why);
	if (got == 1)
		*out = (uint64_t)statement_take_number(&s);
	statement_end(&s);
	return got < 0 ? -1 : 0;
}

int source_items_read(struct ledger *l, const char *place,
	void (*each)(void *arg, struct slice item, enum source_mark mark), void *arg,
	struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, "SELECT mark, item FROM source_item WHERE place = ? ORDER BY item",
		    &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	while ((got = statement_step(&s, why)) == 1) {
		enum source_mark mark = (enum source_mark)statement_take_number(&s);

		each(arg, statement_take_text(&s), mark);
	}
	statement_end(&s);
	return got;
}

static int run_alone(struct ledger *l, const char *sql, struct fault *why)
{
	struct statement s;

	if (statement_get(l, sql, &s, why) < 0)
		return -1;
	return statement_run(&s, why);
}

int source_list_begin(struct ledger *l, struct fault *why)
{
	if (run_alone(l, "CREATE TEMP TABLE IF NOT EXISTS listed (item TEXT PRIMARY KEY NOT NULL)"
			 " WITHOUT ROWID", why) < 0)
		return -1;
	return run_alone(l, "DELETE FROM temp.listed", why);
}

int source_list_add(struct ledger *l, struct slice item, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "INSERT OR IGNORE INTO temp.listed VALUES (?)", &s, why) < 0)
		return -1;
	statement_text(&s, item);
	return statement_run(&s, why);
}

int source_list_end(struct ledger *l, const char *place, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "DELETE FROM source_item WHERE place = ?"
			     " AND item NOT IN (SELECT item FROM temp.listed)", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	if (statement_run(&s, why) < 0)
		return -1;
	return run_alone(l, "DELETE FROM temp.listed", why);
}

static int64_t pause_after(int64_t tries)
{
	int64_t pause = PAUSE_FIRST;

	if (tries < 2)
		return 0;
	for (; tries > 2 && pause < PAUSE_MOST; tries--)
		pause *= 2;
	return pause < PAUSE_MOST ? pause : PAUSE_MOST;
}

int source_pause_add(struct ledger *l, const char *place, struct slice item, int64_t now,
	struct fault *why)
{
	struct statement s;
	int64_t tries = 1;
	int got;

	if (statement_get(l, "SELECT tries FROM source_pause WHERE place = ? AND item = ?", &s,
		    why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_text(&s, item);
	got = statement_step(&s, why);
	if (got == 1)
		tries = statement_take_number(&s) + 1;
	statement_end(&s);
	if (got < 0 || statement_get(l, "INSERT OR REPLACE INTO source_pause VALUES (?, ?, ?, ?)",
			       &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_text(&s, item);
	statement_number(&s, tries);
	statement_number(&s, now + pause_after(tries));
	return statement_run(&s, why);
}

int source_pause_end(struct ledger *l, const char *place, struct slice item,
	struct fault *why)
{
	return run_pair(l, "DELETE FROM source_pause WHERE place = ? AND item = ?", place, item,
		why);
}

int source_pauses(struct ledger *l, const char *place, int64_t now, struct strings *out,
	struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, "SELECT item FROM source_pause WHERE place = ? AND until > ?"
			     " ORDER BY item", &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_number(&s, now);
	while ((got = statement_step(&s, why)) == 1)
		strings_add(out, statement_take_text(&s));
	statement_end(&s);
	return got;
}

/* As a pause that never was: no item of any place has a blank in it. */
int source_told(struct ledger *l, const char *place, struct slice what, bool *first,
	struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, "SELECT 1 FROM source_pause WHERE place = ? AND item = ?", &s,
		    why) < 0)
		return -1;
	statement_text(&s, slice_text(place));
	statement_text(&s, what);
	got = statement_step(&s, why);
	statement_end(&s);
	*first = got == 0;
	if (got != 0)
		return got < 0 ? -1 : 0;
	return run_pair(l, "INSERT INTO source_pause VALUES (?, ?, 0, 0)", place, what, why);
}

int source_pause_next(struct ledger *l, const char *place_start, int64_t since, int64_t *out,
	struct fault *why)
{
	struct statement s;
	int got;

	*out = 0;
	if (statement_get(l, "SELECT coalesce(min(until), 0) FROM source_pause"
			     " WHERE substr(place, 1, length(?1)) = ?1 AND until >= ?2", &s, why) <
		0)
		return -1;
	statement_text(&s, slice_text(place_start));
	statement_number(&s, since);
	got = statement_step(&s, why);
	if (got == 1)
		*out = statement_take_number(&s);
	statement_end(&s);
	return got < 0 ? -1 : 0;
}

int source_forget(struct ledger *l, const char *place_start, struct fault *why)
{
	static const char *const sql[] = {
		"DELETE FROM source_folder WHERE substr(place, 1, length(?1)) = ?1",
		"DELETE FROM source_item WHERE substr(place, 1, length(?1)) = ?1",
		"DELETE FROM source_letter WHERE substr(place, 1, length(?1)) = ?1",
		"DELETE FROM source_pause WHERE substr(place, 1, length(?1)) = ?1",
	};

	for (size_t i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
		struct statement s;

		if (statement_get(l, sql[i], &s, why) < 0)
			return -1;
		statement_text(&s, slice_text(place_start));
		if (statement_run(&s, why) < 0)
			return -1;
	}
	return 0;
}
