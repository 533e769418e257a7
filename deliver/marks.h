/*
 * What is done and synced but not yet written into the ledger: it rides in the next batch's
 * transaction, or is written when idle and at the end.
 *
 * If it is never written nothing is lost: recovery finds the same.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_MARKS_H
#define DELIVER_MARKS_H

#include "deliver/unit.h"

struct mark {
	struct intent intent;
	char *note;
	bool plain; /* only the log knows it */
	bool seen;  /* of a plain message: it marks its target (ledger/seen.h) */
	bool quiet; /* without a row of the log */
	bool last;
	int64_t seconds;
	bool whole; /* its message is done with it, and stands among the ids */
};

struct marks {
	struct mark *at;
	size_t count;
	struct buf *ids; /* messages of which all is done */
	size_t id_count;
};

/* The message marks the key that is its target: within a transaction of the caller. */
int marks_see(struct ledger *l, const struct intent *i, int64_t seconds, bool last,
	struct fault *why);

/* Takes over the intents of the parts that are done; `plain` for those without an id. */
void marks_add(struct marks *m, struct unit *u, bool log_plain);

bool marks_have(const struct marks *m, struct slice id);

/* Within a transaction of the caller; marks_clear after its commit. */
int marks_put(const struct marks *m, struct ledger *l, struct fault *why);
void marks_clear(struct marks *m);

/* In a transaction of their own, if there are any. */
int marks_write(struct marks *m, struct ledger *l, struct fault *why);

#endif
