/*
 * Sets of IMAP flags (RFC 5232 section 2): compared without case, each at most once.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_FLAGS_H
#define FILTER_FLAGS_H

#include "common/base/buf.h"

/* LIMIT: flags of one message, and letters of one; what is beyond is left out. */
enum { FLAGS_MAX = 200, FLAG_LENGTH_MAX = 250 };

/* Adds the flags of a text, parted by blanks. What may not be set is left out. */
void flags_add(struct strings *set, struct slice text);
void flags_remove(struct strings *set, struct slice text);
void flags_copy(struct strings *to, const struct strings *from);

/* Adds them to the text, parted by one blank. */
void flags_put(struct buf *out, const struct strings *set);

/* Takes the next word off a text of flags; false at the end. */
bool flags_next(struct slice *text, struct slice *flag);

#endif
