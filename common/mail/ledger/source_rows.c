/*
 * The rows of sources: see source_rows.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/source_rows.h"

#include "common/mail/ledger/statement.h"

#define WITHIN " WHERE substr(place, 1, length(?1)) = ?1"

static const char *const readers[] = {
	[SOURCE_ROW_FOLDER] = "SELECT place, validity, next, modseq, choice, kept, leaving"
			      " FROM source_folder" WITHIN " ORDER BY place",
	[SOURCE_ROW_ITEM] = "SELECT place, item, mark FROM source_item" WITHIN
			    " ORDER BY place, item",
	[SOURCE_ROW_LETTER] = "SELECT place, item, at, digest, size FROM source_letter" WITHIN
			      " ORDER BY place, item",
	[SOURCE_ROW_PAUSE] = "SELECT place, item, tries, until FROM source_pause" WITHIN
			     " ORDER BY place, item",
};

static void take(struct statement *s, struct source_row *row)
{
	row->place = statement_take_text(s);
	if (row->kind == SOURCE_ROW_FOLDER) {
		row->validity = (uint64_t)statement_take_number(s);
		row->next = (uint64_t)statement_take_number(s);
		row->modseq = (uint64_t)statement_take_number(s);
		row->choice = (uint64_t)statement_take_number(s);
		row->kept = statement_take_text(s);
		row->leaving = statement_take_text(s);
		return;
	}
	row->item = statement_take_text(s);
	if (row->kind == SOURCE_ROW_ITEM) {
		row->mark = (enum source_mark)statement_take_number(s);
	} else if (row->kind == SOURCE_ROW_LETTER) {
		row->at = statement_take_number(s);
		row->digest = (uint64_t)statement_take_number(s);
		row->size = (uint64_t)statement_take_number(s);
	} else {
		row->tries = statement_take_number(s);
		row->until = statement_take_number(s);
	}
}

int source_rows_read(struct ledger *l, enum source_row_kind kind, const char *place_start,
	void (*each)(void *arg, const struct source_row *row), void *arg, struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, readers[kind], &s, why) < 0)
		return -1;
	statement_text(&s, slice_text(place_start));
	while ((got = statement_step(&s, why)) == 1) {
		struct source_row row = { .kind = kind };

		take(&s, &row);
		each(arg, &row);
	}
	return got;
}

static int write_folder(struct ledger *l, const struct source_row *row, struct fault *why)
{
	AUTO_BUF place = { 0 };
	struct source_folder f = { .validity = row->validity, .next = row->next,
		.modseq = row->modseq, .choice = row->choice };
	int result;

	buf_add_slice(&place, row->place);
	buf_add_slice(&f.kept, row->kept);
	buf_add_slice(&f.leaving, row->leaving);
	result = source_folder_write(l, buf_text(&place), &f, why);
	source_folder_free(&f);
	return result;
}

int source_row_write(struct ledger *l, const struct source_row *row, struct fault *why)
{
	AUTO_BUF place = { 0 };
	const struct source_letter letter = { row->at, row->digest, row->size };
	struct statement s;

	buf_add_slice(&place, row->place);
	if (row->kind == SOURCE_ROW_FOLDER)
		return write_folder(l, row, why);
	if (row->kind == SOURCE_ROW_ITEM)
		return source_item_write(l, buf_text(&place), row->item, row->mark, why);
	if (row->kind == SOURCE_ROW_LETTER)
		return source_letter_write(l, buf_text(&place), row->item, &letter, why);
	if (statement_get(l, "INSERT OR REPLACE INTO source_pause VALUES (?, ?, ?, ?)", &s,
		    why) < 0)
		return -1;
	statement_text(&s, row->place);
	statement_text(&s, row->item);
	statement_number(&s, row->tries);
	statement_number(&s, row->until);
	return statement_run(&s, why);
}

int source_row_pause(struct ledger *l, struct source_row *row, struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, "SELECT tries, until FROM source_pause"
			     " WHERE place = ? AND item = ?", &s, why) < 0)
		return -1;
	statement_text(&s, row->place);
	statement_text(&s, row->item);
	got = statement_step(&s, why);
	if (got == 1) {
		row->tries = statement_take_number(&s);
		row->until = statement_take_number(&s);
	}
	statement_end(&s);
	return got;
}
