/*
 * Lines of "mr-fetch state export": what is remembered of sources, to be carried elsewhere.
 *
 *	mailrail-state 1
 *	folder PLACE VALIDITY KEPT LEAVING	UIDs kept there, and to be deleted there,
 *						as sequence sets ("-": none)
 *	item PLACE UIDL MARK			POP3: "kept", "leaving" or "headed"
 *	letter PLACE ITEM AT DIGEST SIZE	fetched: UID or UIDL, seconds since 1970, 16 hex
 *						digits, bytes (ledger/source.h)
 *	pause PLACE ITEM TRIES UNTIL		not to be tried before; 0 tries: was told
 *	end COUNT				how many lines stand between first and last
 *
 * Words are parted by one blank; bytes up to 0x20, 0x7F and "%" in them are %XX. Lines that
 * begin with "#" are comments, and do not count.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_STATE_LINE_H
#define FETCH_STATE_LINE_H

#include "common/mail/ledger/source_rows.h"

#define STATE_FIRST_LINE "mailrail-state 1"

enum state_line_kind { STATE_LINE_FIRST, STATE_LINE_ROW, STATE_LINE_END, STATE_LINE_COMMENT };

/* All zero to begin with; `row` looks into the buffers. */
struct state_line {
	enum state_line_kind kind;
	struct source_row row;
	uint64_t count; /* END */
	struct buf place, item;
};
void state_line_free(struct state_line *l);

/* Adds a line with LF. */
void state_line_put(struct buf *out, const struct source_row *row);

/* Reads one without LF. FAULT_DATA. */
int state_line_read(struct slice text, struct state_line *out, struct fault *why);

#endif
