/*
 * --out-dir: what would be stored and sent, written into a folder to look at.
 *
 *	stored-FOLDER-N.eml   the N-th message for that folder; "/" in its name is %2F
 *	sent-N.eml            the N-th message that would be sent (of what is rejected: the
 *	                      report to its sender), and
 *	sent-N.env            its envelope: one line "from: ADDRESS" (empty: the null sender),
 *	                      lines "to: ADDRESS"
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_OUTDIR_H
#define FILTER_VERBS_OUTDIR_H

#include <sys/types.h>

#include "filter/ruleset.h"

struct outdir {
	const char *path; /* borrowed, like host */
	const char *host; /* who signs reports; set by the caller */
	int64_t now;      /* the clock of this message, likewise */
	int fd;
	struct strings folders; /* as they stand in names of files */
	uint64_t *counts;       /* of each, how many */
	uint64_t sent;
};

#define OUTDIR_NONE { .fd = -1 }

/* Makes the folder when it is missing. FAULT_TEMP. */
int outdir_open(struct outdir *o, const char *path, struct fault *why);

/* Writes what the verdict comes to; the message has a spool. FAULT_TEMP. */
int outdir_write(struct outdir *o, const struct verdict *v, const struct frame *frame,
	struct fault *why);
void outdir_close(struct outdir *o);

#endif
