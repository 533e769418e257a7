/*
 * Actions: what is to be done with a message, as a value and as a line of the stream.
 *
 * An action line is one command in Sieve's grammar with constant arguments:
 * `fileinto :create :flags "\\Seen" "lists/c";`. mr-filter writes it, mr-deliver and others
 * read it. A kind is a row in the table of action.c, which is the grammar of all of them.
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
	ACTION_REJECT,   /* RFC 5429: refused, `text` says why to its sender */
	ACTION_EREJECT,
	ACTION_PIPE,     /* to the program `target` with `arguments` */
	ACTION_VACATION, /* RFC 5230: `text` is the whole reply, `target` whom it goes to */
	ACTION_NOTIFY,   /* RFC 5436: `text` is the whole notification, `target` its recipient */
	ACTION_MARK,     /* RFC 7352: `target` has been seen, for `seconds` */
	ACTION_DEFER,    /* stays where it was, to be tried later; `text` says why */
};

/*
 * Members that a kind does not have are NULL, 0, false. Texts are owned and hold no control
 * character, but for `text`, in which lines end with LF, and `arguments`, which are on one
 * line each.
 */
struct action {
	enum action_kind kind;
	char *target;
	struct strings flags; /* IMAP flags for keep, fileinto, and for the copy of :fcc */
	bool has_flags;       /* :flags was given (perhaps empty); else the frame's flags count */
	bool create;          /* :create */
	char *special_use;    /* RFC 8579: "\\Junk": rather there than in `target`, or `fcc` */
	char *text;
	char *from;           /* vacation, notify: envelope sender; NULL: the null sender */
	char *handle;         /* vacation: with the target, what "replied before" is asked of */
	char *fcc;            /* RFC 8580: a copy of what is sent goes to this folder */
	int64_t seconds;      /* vacation: no second reply before; mark: how long it is known */
	struct strings arguments; /* pipe */
	bool last;            /* mark: longer, if it is marked already; else not at all */
	bool attempt;         /* pipe :try: a program that fails is no failure */
	bool header_only;     /* pipe: no body; body_only: no header */
	bool body_only;
	char *lock;           /* pipe: a named lock is held while the program runs */
	int64_t timeout;      /* pipe: seconds; 0: as configured */
	char *rule;           /* "20-lists.sieve:14" */
	unsigned version;     /* mr-filter alone: which state of the message it is for; 0: as it
			       * came */
};

void action_clear(struct action *a);

/* "fileinto" */
const char *action_name(enum action_kind kind);

/* Adds the command with its semicolon, without line end and without the rule. */
void action_put(struct buf *out, const struct action *a);

/* Reads one frame_action. FAULT_TEMP names rule and command: what is not understood is
 * not guessed. */
int action_read(const struct frame_action *from, struct action *out, struct fault *why);

#endif
