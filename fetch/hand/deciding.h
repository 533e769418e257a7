/*
 * What a source asks the rules before it fetches, and what it has to write down of the
 * answers. See prefilter.h, which has the child.
 *
 * A question that must not be put, for the header does not show what the message will be,
 * is answered at once: fetch it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_DECIDING_H
#define FETCH_HAND_DECIDING_H

#include "common/base/fault.h"
#include "common/mail/frame.h"

struct source;

/*
 * LIMIT: a longer header is not shown to the rules: its message is fetched. IMAP asks for
 * so much of it; the whole response must fit into IMAP_TEXT_MAX.
 */
enum { DECIDING_HEADER_MAX = 128 << 10 };

/* One message: asked about, or discarded and not yet in the ledger. */
struct deciding_row {
	char *id;              /* of its frame */
	char *folder;
	struct buf message_id; /* empty: it has none */
	char *rule;            /* NULL as long as it is asked about */
};

/* All zero: nothing is asked. */
struct deciding {
	struct deciding_row *rows; /* what is discarded, then what is asked, in this order */
	size_t discarded, count, room;
};

void deciding_free(struct deciding *d);

/*
 * Asks about the message that will have this frame, to which recipients are added as the
 * account takes them from headers. `header` as it came, with or without the empty line;
 * `size` of the whole message, 0: not known. False: it is to be fetched without a question.
 * Only when prefilter_room; the source's `decided` gets the key.
 */
bool deciding_ask(struct source *s, struct frame *frame, struct slice header, uint64_t size,
	uint64_t key);

/* For `decided`: the answer to the oldest question. */
void deciding_answered(struct source *s, const char *rule);

/* Does it wait for an answer? */
bool deciding_waits(const struct source *s);

/* No answer is wanted any more: what is not decided is asked again by the next run. */
void deciding_forget(struct source *s);

/*
 * One row of the log for each that was discarded: within the transaction that says it needs
 * not be fetched. Then, when that is as good as done, they are forgotten.
 */
int deciding_write(struct source *s, struct fault *why);
void deciding_written(struct source *s);

#endif
