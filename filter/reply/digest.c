/*
 * A digest of several texts: see digest.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/digest.h"

#include "common/base/sha256.h"

/* Half of SHA-256 is enough to be unique, and fits into a line. */
enum { DIGITS = 32 };

void digest_add_text(struct buf *row, struct slice text)
{
	buf_addf(row, "%zu:", text.len);
	buf_add_slice(row, text);
}

void digest_put_row(const struct buf *row, struct buf *out)
{
	size_t from = out->len;

	sha256_put_hex(out, buf_slice(row));
	buf_cut(out, from + DIGITS);
}
