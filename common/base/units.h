/*
 * Sizes and times as people write them: "10G", "512K", "60s", "5m", "2d".
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_UNITS_H
#define COMMON_BASE_UNITS_H

#include <stdint.h>

#include "common/base/slice.h"

/* 1*DIGIT ["B" / "K" / "M" / "G" / "T"], powers of 1024, case-insensitive. In bytes. */
bool units_bytes(struct slice text, uint64_t *out);

/* 1*DIGIT ("ms" / "s" / "m" / "h" / "d" / "w"); a bare 0 is allowed. In milliseconds. */
bool units_time(struct slice text, int64_t *out);

#endif
