/*
 * Bytes that wait for the end of their batch: one unnamed file per run.
 *
 * What cannot go to its place while it arrives (an mbox must be locked first, redirected
 * mail is handed on after the commit) is added here. Nothing in it survives the process,
 * and nothing is promised on it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_SPOOL_H
#define DELIVER_SPOOL_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

struct spool {
	int fd; /* -1 until the first byte */
	uint64_t size; /* gathered bytes included */
	struct buf pending;
};

/* A stretch of it. */
struct spooled {
	uint64_t start;
	uint64_t length;
};

#define SPOOL_NONE { .fd = -1 }

int spool_add(struct spool *s, const void *ptr, size_t len, struct fault *why);

/* Calls `each` for the bytes of the stretch, in pieces; stops when it returns -1. */
int spool_read(struct spool *s, struct spooled what,
	int (*each)(struct slice bytes, void *context, struct fault *why), void *context,
	struct fault *why);

/* Up to `len` bytes from `at` on; *got 0 at the end. */
int spool_at(struct spool *s, uint64_t at, char *ptr, size_t len, size_t *got,
	struct fault *why);

void spool_empty(struct spool *s);
void spool_close(struct spool *s);

#endif
