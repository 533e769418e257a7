/*
 * How long to stay away from a server after a failure.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_WATCH_RETRY_H
#define FETCH_WATCH_RETRY_H

#include <stdint.h>

#include "common/base/fault.h"

/*
 * Milliseconds after the `failures`th failure in a row (from 1). Seconds at first, doubling
 * to a quarter of an hour; a refused login hours, for servers lock accounts that try too
 * often; a wrong configuration minutes. The last half of it is chance, so that not all who
 * were cut off come back together.
 */
int64_t retry_after(enum fault_kind kind, unsigned failures);

/* Up to `ms`, by chance. */
int64_t retry_chance(int64_t ms);

#endif
