/*
 * Keys against values of any length that come in pieces: what the test `body` needs.
 *
 * :contains keeps no more than it must to find a key across two pieces; :is no more than
 * its longest key; the other match types hold the value whole, up to a limit that is an
 * error of the rule. CRLF counts as LF.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_SCAN_H
#define FILTER_SCAN_H

#include "common/mail/lineend.h"
#include "filter/keys.h"

struct scan {
	struct keys *keys;   /* borrowed */
	int result;          /* 1 a key matched, -1 run-time error: nothing more is needed */
	bool open;           /* between scan_begin and scan_end */
	bool too_long;       /* more than what may be held */
	size_t longest;      /* of the keys */
	struct lineend ends;
	struct buf window;   /* folded where the comparator folds, and for :contains only */
	struct buf rest;     /* begin of a character that the next bytes may end, likewise */
};

#define AUTO_SCAN __attribute__((cleanup(scan_free))) struct scan
void scan_start(struct scan *s, struct keys *keys);
void scan_free(struct scan *s);

/* One value: begin (ends the one before), feed, end. */
void scan_begin(struct scan *s);
void scan_feed(struct scan *s, struct slice bytes);
void scan_end(struct scan *s);

#endif
