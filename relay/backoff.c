/*
 * Growing pauses: see backoff.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/backoff.h"

#include "common/base/stage.h"

enum { STEPS = 7 };

static const int64_t minutes[][STEPS] = {
	[BACKOFF_RECIPIENT] = { 5, 10, 20, 40, 60, 120, 240 },
	[BACKOFF_HOST] = { 1, 2, 4, 8, 15, 30, 30 },
	[BACKOFF_LOGIN] = { 15, 30, 60, 120, 240, 240, 240 },
};

uint32_t backoff_chance(void)
{
	AUTO_BUF name = { 0 };
	uint32_t sum = 0;

	stage_random_name(&name, 6);
	for (size_t i = 0; i < name.len; i++)
		sum = sum * 36 + (unsigned char)name.ptr[i];
	return sum;
}

int64_t backoff_seconds(enum backoff_kind kind, unsigned tries, uint32_t chance)
{
	unsigned step = tries == 0 ? 0 : tries - 1;
	int64_t base = minutes[kind][step < STEPS ? step : STEPS - 1] * 60;
	int64_t fifth = base / 5;

	return base - fifth + (int64_t)(chance % (uint32_t)(2 * fifth + 1));
}
