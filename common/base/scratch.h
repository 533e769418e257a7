/*
 * Bytes that are too many for memory and belong to nobody else: an unlinked file in
 * $TMPDIR, used again and again.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_SCRATCH_H
#define COMMON_BASE_SCRATCH_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

struct scratch {
	int fd;             /* owned; -1: nothing was written yet */
	uint64_t size;      /* with what is pending */
	struct buf pending; /* gathered, not yet written */
};

#define SCRATCH_NONE { .fd = -1 }

/* Adds bytes. FAULT_TEMP: clear it before it is used again. */
int scratch_add(struct scratch *s, struct slice bytes, struct fault *why);

/*
 * Writes out what is pending and gives a descriptor that reads it from its first byte, with
 * an offset of its own: owned by the caller, close-on-exec, -1 and why.
 */
int scratch_reader(struct scratch *s, struct fault *why);

/* Empties it. */
int scratch_clear(struct scratch *s, struct fault *why);
void scratch_free(struct scratch *s);

#endif
