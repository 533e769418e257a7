/*
 * A limit for bytes per second: a bucket of tokens, which holds those of a quarter second.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_RATE_H
#define FETCH_RATE_H

#include <stddef.h>
#include <stdint.h>

/* All zero to begin with. */
struct rate {
	uint64_t tokens; /* thousandths of bytes that may come now */
	int64_t at;      /* when they were counted, in milliseconds */
};

/*
 * How many bytes may come at `now` (milliseconds). 0: none before *when. It does not give
 * crumbs: what it gives is worth a read.
 */
size_t rate_allows(struct rate *r, uint64_t per_second, int64_t now, int64_t *when);

/* So many came, of those allowed. */
void rate_took(struct rate *r, size_t bytes);

#endif
