/*
 * Actions: what is to be done with a message, as a value and as a line of the stream.
 *
 * An action line is one Sieve command with constant arguments (RFC 5228, 5232, 5490,
 * 3894): `fileinto :create :flags "\\Seen" "lists/c";`. mr-filter writes it, mr-deliver
 * and others read it. A kind is a row in the table of action.c.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_ACTION_H
#define COMMON_MAIL_ACTION_H

#include "common/base/fault.h"
#include "common/mail/frame.h"

enum action_kind {
	ACTION_KEEP,     /* into the inbox */
	ACTION_FILEINTO, /* into the folder `target` */
	ACTION_DISCARD,  /* on purpose; always written, never implied */
	ACTION_REDIRECT, /* to the address `target` */
};

struct action {
	enum action_kind kind;
	char *target;         /* owned; NULL where the kind has none */
	struct strings flags; /* IMAP flags for keep and fileinto */
	bool has_flags;       /* :flags was given (perhaps empty); else the frame's flags count */
	bool create;          /* :create */
	char *rule;           /* owned: "20-lists.sieve:14" */
};

void action_clear(struct action *a);

/* Adds the command with its semicolon, without line end and without the rule. */
void action_put(struct buf *out, const struct action *a);

/* Reads one frame_action. FAULT_TEMP names rule and command: what is not understood is
 * not guessed. */
int action_read(const struct frame_action *from, struct action *out, struct fault *why);

#endif
