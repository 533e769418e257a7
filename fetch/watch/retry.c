/*
 * Backoff: see retry.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/watch/retry.h"

#include <stdlib.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* LIMIT: the first pause of each kind, and the longest. */
static const struct {
	enum fault_kind kind;
	int64_t first, most;
} rows[] = {
	{ FAULT_LOGIN, 2 * HOUR, 6 * HOUR },
	{ FAULT_CONFIG, 5 * MINUTE, HOUR },
	{ FAULT_PROTOCOL, MINUTE, HOUR },
	{ FAULT_TEMP, 4 * SECOND, 15 * MINUTE }, /* and whatever else there is */
};

int64_t retry_chance(int64_t ms)
{
	uint32_t most = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;

	return ms > 0 ? (int64_t)arc4random_uniform(most) : 0;
}

int64_t retry_after(enum fault_kind kind, unsigned failures)
{
	size_t row = 0;
	int64_t pause;

	while (row + 1 < sizeof(rows) / sizeof(rows[0]) && rows[row].kind != kind)
		row++;
	pause = rows[row].first;
	for (; failures > 1 && pause < rows[row].most; failures--)
		pause *= 2;
	if (pause > rows[row].most)
		pause = rows[row].most;
	return pause / 2 + retry_chance(pause / 2);
}
