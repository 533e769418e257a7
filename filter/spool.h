/*
 * A message that must be seen whole before it goes on: memory, then an unlinked file.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_SPOOL_H
#define FILTER_SPOOL_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: bytes held in memory (DESIGN section 3); what follows goes to the file. */
enum { SPOOL_MEMORY = 1 << 20 };

struct spool {
	struct buf memory; /* the first bytes */
	int fd;            /* the others; -1: none yet */
	uint64_t size;     /* of all */
};

#define SPOOL_NONE { .fd = -1 }
#define AUTO_SPOOL __attribute__((cleanup(spool_free))) struct spool

/* Adds bytes. FAULT_TEMP names the directory ($TMPDIR, else /tmp) that is full or missing. */
int spool_add(struct spool *s, struct slice bytes, struct fault *why);

/* Reads at most `len` bytes from an offset: *got is 0 only at the end. FAULT_TEMP. */
int spool_read(const struct spool *s, uint64_t from, char *ptr, size_t len, size_t *got,
	struct fault *why);

/* Ready for the next message: the file is closed, hence gone. */
void spool_clear(struct spool *s);
void spool_free(struct spool *s);

#endif
