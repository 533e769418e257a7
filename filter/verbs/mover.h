/*
 * Messages of a Maildir handed to mr-deliver, and taken out of it once they are stored.
 *
 * We are the source of a stream here, as mr-fetch is, and settle only what a receipt covers
 * (DESIGN section 3): a file is removed after mr-deliver has said "stored" of it. Its id is
 * made of filesystem, inode and ctime: a message that was stored before we were killed is
 * known again by the next run, is not stored twice and then removed; a file that was put
 * there anew is another one. A file whose flags somebody changed in between (its ctime
 * changes) may be stored twice, never lost.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_MOVER_H
#define FILTER_VERBS_MOVER_H

#include <sys/stat.h>

#include "common/base/child.h"
#include "common/base/line.h"
#include "common/mail/outlet.h"
#include "filter/ruleset.h"

struct mover_item; /* handed over, not answered yet */

struct mover {
	struct child child;
	struct outlet out;
	struct line_reader receipts;
	struct mover_item *items;
	size_t count;
	uint64_t bytes;    /* of the items */
	uint64_t messages; /* handed over at all */
	uint64_t moved, copied, left; /* left: mr-deliver did not store it */
};

/* Starts mr-deliver with this configuration (may be NULL). FAULT_TEMP, FAULT_CONFIG. */
int mover_start(struct mover *m, const char *config, struct fault *why);

/* Fills id, received and flags of a frame for the file at that path. 1, 0: it is gone, -1. */
int mover_frame(const char *path, struct frame *frame, struct stat *st, struct fault *why);

/*
 * Hands over the actions of the verdict that are set in `wanted`; the message has a spool.
 * `removes`: the file goes when they are done. FAULT_TEMP: mr-deliver is gone.
 */
int mover_put(struct mover *m, const char *path, const struct stat *st, struct frame *frame,
	const struct verdict *v, const bool *wanted, bool removes, struct fault *why);

/*
 * Waits for all answers and for mr-deliver's end. FAULT_TEMP when a message was not stored or
 * a file cannot be removed; they are where they were.
 */
int mover_end(struct mover *m, struct fault *why);
void mover_free(struct mover *m);

#endif
