/*
 * The facts about one message as it travels from program to program (DESIGN section 3).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_FRAME_H
#define COMMON_MAIL_FRAME_H

#include <stdbool.h>

#include "common/base/buf.h"

/* One action that mr-filter decided: straight-line Sieve, and the rule that said so. */
struct frame_action {
	char *rule;    /* "20-lists.sieve:14", or "implicit" */
	char *command; /* fileinto :flags "\\Seen" "lists/c"; */
};

/*
 * Texts are empty when not known, and hold no NUL. All owned by the frame; an all-zero frame
 * is valid.
 */
struct frame {
	struct buf id;       /* stable identity at the source; empty: a plain message */
	struct buf account;  /* the account's name in the configuration */
	struct buf folder;   /* at the source, UTF-8 */
	struct buf received; /* RFC 3339 UTC: "2026-02-01T10:00:00Z" */
	struct buf flags;    /* IMAP flags and keywords parted by blanks: "\\Seen $Label1" */
	struct buf mail_from; /* envelope sender without <>; empty and known: the null sender */
	bool mail_from_known;
	struct strings rcpt_to; /* envelope recipients without <> */
	struct buf after;       /* judged a duplicate of this id: deferred until that is done */
	unsigned variant;       /* k of variant k/n; 0 when the message is its only variant */
	unsigned variants;      /* n; 0 likewise */
	bool decided;           /* mr-filter has spoken: `actions` holds at least one */
	struct frame_action *actions;
	size_t action_count;
	struct strings others; /* "name: value" lines that we do not know: passed on as they are */
};

void frame_clear(struct frame *f); /* frees what it holds and makes it all-zero */
void frame_copy(struct frame *to, const struct frame *from); /* `to` is cleared first */
void frame_add_action(struct frame *f, struct slice rule, struct slice command);

#define AUTO_FRAME __attribute__((cleanup(frame_clear))) struct frame

#endif
