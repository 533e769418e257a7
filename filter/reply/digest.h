/*
 * A digest of several texts, each counted: the same bytes cut in another way are another row
 * of texts (RFC 5230 section 4.2). It stands in ledgers, so it never changes.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_DIGEST_H
#define FILTER_REPLY_DIGEST_H

#include "common/base/buf.h"

/* Adds a text to the row. */
void digest_add_text(struct buf *row, struct slice text);

/* Adds the digest of the row in 32 hexadecimal digits. */
void digest_put_row(const struct buf *row, struct buf *out);

#endif
