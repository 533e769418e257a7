/*
 * Carrying the state: see carry.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/carry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/line.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "fetch/imap/uidset.h"
#include "fetch/state.h"
#include "fetch/state_line.h"

/* LIMIT: a line: the UIDs of a folder, of which each other one is missing, a million of them. */
enum { LINE_MAX = 16 * 1024 * 1024 };

/* ---- out ---- */

struct export {
	struct buf out;
	uint64_t count;
};

static void write_out(struct export *e)
{
	(void)fwrite(e->out.ptr, 1, e->out.len, stdout);
	buf_clear(&e->out);
}

static void put_row(void *arg, const struct source_row *row)
{
	struct export *e = arg;

	/* Its folder was never opened. */
	if (row->kind == SOURCE_ROW_FOLDER && row->validity == 0)
		return;
	state_line_put(&e->out, row);
	e->count++;
	if (e->out.len > 64 * 1024)
		write_out(e);
}

static int export_account(struct ledger *l, const struct account *a, struct export *e,
	struct fault *why)
{
	buf_addf(&e->out, "# account %s\n", a->name);
	for (int kind = SOURCE_ROW_FOLDER; kind <= SOURCE_ROW_PAUSE; kind++) {
		if (source_rows_read(l, (enum source_row_kind)kind, a->place, put_row, e, why) < 0)
			return -1;
	}
	return 0;
}

int export_state(const struct accounts *accounts)
{
	struct fault why;
	AUTO_FREE char *state = paths_state(&why);
	AUTO_LEDGER *ledger = NULL;
	struct export e = { 0 };
	int result = 0;

	if (!state || ledger_open(state, LEDGER_READ, &ledger, &why) < 0)
		return say_fault(&why);
	buf_add_text(&e.out, STATE_FIRST_LINE "\n");
	for (size_t i = 0; ledger && result == 0 && i < accounts->count; i++)
		result = export_account(ledger, &accounts->at[i], &e, &why);
	if (result == 0)
		buf_addf(&e.out, "end %llu\n", (unsigned long long)e.count);
	write_out(&e);
	buf_free(&e.out);
	if (result == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		result = fault_set(&why, FAULT_TEMP, "stdout: %s", strerror(errno));
	return result < 0 ? say_fault(&why) : 0;
}

/* ---- in ---- */

struct import {
	struct ledger *ledger;
	uint64_t count;
	bool begun, ended;
	struct strings left; /* folders that are numbered otherwise here */
};

/* What is there wins: neither is deleted what is kept here, nor kept what is to go. */
static void merge(struct slice there, const struct buf *here, const struct buf *against,
	struct buf *out)
{
	AUTO_UIDSET set = { 0 };
	AUTO_UIDSET ours = { 0 };
	AUTO_UIDSET not = { 0 };

	(void)uidset_read(there, &set);
	(void)uidset_read(buf_slice(against), &not);
	(void)uidset_read(buf_slice(here), &ours);
	uidset_remove_set(&set, &not);
	uidset_add_set(&set, &ours);
	uidset_write(&set, out);
}

static int take_folder(struct import *in, const char *place, struct source_row *row,
	struct fault *why)
{
	struct source_folder f = { 0 };
	AUTO_BUF kept = { 0 };
	AUTO_BUF leaving = { 0 };
	int result = source_folder_read(in->ledger, place, &f, why);

	if (result == 0 && f.validity != 0 && f.validity != row->validity) {
		say("%s: its UIDVALIDITY is %llu here, not %llu: left as it is", place,
			(unsigned long long)f.validity, (unsigned long long)row->validity);
		strings_add(&in->left, slice_text(place));
	} else if (result == 0) {
		merge(row->kept, &f.kept, &f.leaving, &kept);
		merge(row->leaving, &f.leaving, &f.kept, &leaving);
		row->kept = buf_slice(&kept);
		row->leaving = buf_slice(&leaving);
		result = source_row_write(in->ledger, row, why);
	}
	source_folder_free(&f);
	return result;
}

static int take_row(struct import *in, struct source_row *row, struct fault *why)
{
	AUTO_BUF place = { 0 };
	struct source_letter letter;
	struct source_row pause = *row;
	enum source_mark mark = SOURCE_NONE;
	int known = 0;

	buf_add_slice(&place, row->place);
	if (strings_has(&in->left, buf_text(&place)))
		return 0;
	if (row->kind == SOURCE_ROW_FOLDER)
		return take_folder(in, buf_text(&place), row, why);
	if (row->kind == SOURCE_ROW_ITEM) {
		known = source_item_read(in->ledger, buf_text(&place), row->item, &mark, why);
		known = known < 0 ? -1 : mark != SOURCE_NONE;
	} else if (row->kind == SOURCE_ROW_LETTER) {
		known = source_letter_read(in->ledger, buf_text(&place), row->item, &letter, why);
	} else {
		known = source_row_pause(in->ledger, &pause, why);
	}
	if (known != 0)
		return known < 0 ? -1 : 0;
	return source_row_write(in->ledger, row, why);
}

static int take_line(struct import *in, struct state_line *l, struct slice text,
	struct fault *why)
{
	if (state_line_read(text, l, why) < 0)
		return -1;
	if (l->kind == STATE_LINE_COMMENT)
		return 0;
	if ((l->kind == STATE_LINE_FIRST) == in->begun)
		return fault_set(why, FAULT_DATA, "the first line, and no other, is \"%s\"",
			STATE_FIRST_LINE);
	if (in->ended)
		return fault_set(why, FAULT_DATA, "something stands behind the end");
	in->begun = true;
	if (l->kind == STATE_LINE_END && l->count != in->count)
		return fault_set(why, FAULT_DATA, "there should be %llu lines, and are %llu",
			(unsigned long long)l->count, (unsigned long long)in->count);
	in->ended = l->kind == STATE_LINE_END;
	if (l->kind != STATE_LINE_ROW)
		return 0;
	in->count++;
	return take_row(in, &l->row, why);
}

static int take_lines(struct import *in, struct fault *why)
{
	struct line_reader reader = { .fd = STDIN_FILENO, .name = "stdin", .limit = LINE_MAX };
	struct state_line line = { 0 };
	struct slice text;
	unsigned long number = 0;
	int got;

	while ((got = line_read(&reader, &text, why)) == 1) {
		number++;
		got = take_line(in, &line, text, why);
		if (got < 0) {
			fault_prefix(why, "stdin:%lu", number);
			break;
		}
	}
	if (got == 0 && !in->ended)
		got = fault_set(why, FAULT_DATA, "stdin:%lu: the end is missing: it was cut off",
			number);
	state_line_free(&line);
	line_reader_free(&reader);
	return got;
}

static int import_all(struct fault *why)
{
	struct import in = { 0 };
	int result;

	if (state_ledger(&in.ledger, why) < 0)
		return -1;
	result = ledger_begin(in.ledger, why);
	if (result == 0) {
		result = take_lines(&in, why);
		if (result < 0)
			ledger_rollback(in.ledger);
		else
			result = ledger_commit(in.ledger, why);
	}
	if (result == 0)
		say_detail("%llu lines were taken in", (unsigned long long)in.count);
	strings_free(&in.left);
	ledger_close(in.ledger);
	return result;
}

/* A run at work holds its state in memory, and would write it over ours. */
static int lock_all(const struct accounts *accounts, int *locks, struct fault *why)
{
	for (size_t i = 0; i < accounts->count; i++) {
		int got = state_lock(&accounts->at[i], &locks[i], why);

		if (got == 0)
			got = fault_set(why, FAULT_TEMP,
				"account %s: a run or a watch is at work: end it first",
				accounts->at[i].name);
		if (got < 0)
			return -1;
	}
	return 0;
}

int import_state(const struct accounts *accounts)
{
	int *locks = mem_get(accounts->count * sizeof(*locks));
	struct fault why;
	int result;

	for (size_t i = 0; i < accounts->count; i++)
		locks[i] = -1;
	result = lock_all(accounts, locks, &why);
	if (result == 0)
		result = import_all(&why);
	for (size_t i = 0; i < accounts->count; i++)
		io_close_at(&locks[i]);
	free(locks);
	return result < 0 ? say_fault(&why) : 0;
}
