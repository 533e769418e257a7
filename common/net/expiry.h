/*
 * A server's certificate that ends soon (setting cert-warn), told before it does harm.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_EXPIRY_H
#define COMMON_NET_EXPIRY_H

#include "common/net/wire.h"

/* Adds "ends in 5 days, on 2026-11-28", "ends today, ..." or "has ended on ..." (UTC). */
void expiry_words(int64_t ends, int64_t now, struct buf *out);

/*
 * One line on stderr when the certificate behind `w` ends within warn_ms (0: never told).
 * Once in 24 hours for each `note`, a file name that is kept in STATE/run, but every time
 * with `always` (-v) or when stderr is a terminal. `who` begins the sentence.
 */
void expiry_tell(const struct wire *w, int64_t warn_ms, const char *who, const char *note,
	bool always);

#endif
