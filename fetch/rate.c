/*
 * Bytes per second: see rate.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/rate.h"

/* LIMIT: bytes per second beyond which there is no limit to keep: 1 TiB. */
static const uint64_t RATE_MOST = (uint64_t)1 << 40;

/* LIMIT: milliseconds whose bytes the bucket holds, and those worth a read. */
enum { BUCKET_MS = 250, CRUMB_MS = 50 };

size_t rate_allows(struct rate *r, uint64_t per_second, int64_t now, int64_t *when)
{
	uint64_t rate = per_second < RATE_MOST ? per_second : RATE_MOST;
	int64_t gone = now - r->at;
	uint64_t crumb = rate * CRUMB_MS > 1000 ? rate * CRUMB_MS : 1000;

	if (r->at == 0 || gone < 0)
		gone = BUCKET_MS;
	if (gone > 1000)
		gone = 1000;
	r->at = now;
	r->tokens += rate * (uint64_t)gone;
	if (r->tokens > rate * BUCKET_MS && r->tokens > crumb)
		r->tokens = rate * BUCKET_MS > crumb ? rate * BUCKET_MS : crumb;
	if (r->tokens >= crumb)
		return (size_t)(r->tokens / 1000);
	*when = now + (int64_t)((crumb - r->tokens + rate - 1) / rate);
	return 0;
}

void rate_took(struct rate *r, size_t bytes)
{
	uint64_t used = (uint64_t)bytes * 1000;

	r->tokens = r->tokens > used ? r->tokens - used : 0;
}
