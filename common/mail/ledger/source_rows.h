/*
 * All that is remembered of a source, row by row: to look at it, and to carry it elsewhere.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef MAIL_LEDGER_SOURCE_ROWS_H
#define MAIL_LEDGER_SOURCE_ROWS_H

#include "common/mail/ledger/source.h"

enum source_row_kind {
	SOURCE_ROW_FOLDER, /* a source_folder */
	SOURCE_ROW_ITEM,   /* a UIDL and its mark */
	SOURCE_ROW_LETTER, /* a source_letter */
	SOURCE_ROW_PAUSE,  /* tries and until; with 0 tries: was told (source_told) */
};

/* Of the members only those of its kind are filled. Slices are borrowed. */
struct source_row {
	enum source_row_kind kind;
	struct slice place;
	struct slice item;      /* all but FOLDER */
	uint64_t validity;      /* FOLDER, see struct source_folder */
	uint64_t next, modseq, choice;
	struct slice kept, leaving;
	enum source_mark mark;  /* ITEM */
	int64_t at;             /* LETTER */
	uint64_t digest, size;
	int64_t tries, until;   /* PAUSE */
};

/* Those of one kind in places that begin so, in the order of place and item. */
int source_rows_read(struct ledger *l, enum source_row_kind kind, const char *place_start,
	void (*each)(void *arg, const struct source_row *row), void *arg, struct fault *why);

/* Writes one as it is, over what is there. */
int source_row_write(struct ledger *l, const struct source_row *row, struct fault *why);

/* 1 and *row->tries, *row->until of the pause of row->place, row->item; 0 there is none; -1. */
int source_row_pause(struct ledger *l, struct source_row *row, struct fault *why);

#endif
