/*
 * Comparing one value with one key: RFC 5228 section 2.7, RFC 4790 section 9, RFC 5231.
 *
 * Pure: knows no message and no script. With i;ascii-casemap both sides are folded to
 * capitals first (match_fold), which keeps offsets; then bytes are compared. So with
 * i;unicode-casemap, by unicode/casemap.h.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_MATCH_H
#define FILTER_MATCH_H

#include "filter/language/script.h"

/* What a match found: 0 the whole, then each wildcard or group. Offsets into the value. */
struct captures {
	size_t count;
	struct {
		size_t from;
		size_t to;
	} at[CAPTURE_MAX];
};

/* "i;octet" and so on: 0, or -1 when unknown. */
int match_comparator(struct slice name, enum comparator *out);

/* Adds the text with a-z as A-Z: the order of RFC 4790 9.2.1 stands on capitals. */
void match_fold(struct buf *out, struct slice text);

/* Less, equal, greater: <0, 0, >0. Numeric: RFC 4790 9.1.1, no number is infinite. */
int match_order(enum comparator comparator, struct slice a, struct slice b);

bool match_relation(enum relation relation, int order);

/*
 * :matches: "*" any bytes, as few as possible, "?" one byte, "\" takes the next one as it
 * is. 1, 0, or -1 when it would take too long. Fills *out (may be NULL) when it matches.
 */
int match_glob(struct slice value, struct slice key, struct captures *out);

#endif
