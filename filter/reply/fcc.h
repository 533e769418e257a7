/*
 * :fcc (RFC 8580): a copy of what is sent goes to a folder.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_FCC_H
#define FILTER_REPLY_FCC_H

#include "filter/language/complaint.h"
#include "filter/evaluate.h"

/* The first rows in the table of tags of a word that has it. */
enum { FCC_MAILBOX, FCC_FLAGS, FCC_CREATE, FCC_SPECIAL_USE, FCC_TAGS };

#define FCC_TAG_ROWS                                                        \
	[FCC_MAILBOX] = { "fcc", CAPABILITY_FCC, 0, VALUE_STRING },         \
	[FCC_FLAGS] = { "flags", CAPABILITY_IMAP4FLAGS, 0, VALUE_STRINGS }, \
	[FCC_CREATE] = { "create", CAPABILITY_MAILBOX, 0, VALUE_NONE },     \
	[FCC_SPECIAL_USE] = { "specialuse", CAPABILITY_SPECIAL_USE, 0, VALUE_STRING }

/* When checked: what belongs to the copy stands beside :fcc, and the folder has a name. */
int fcc_check(struct checker *checker, const struct node *node);

/* Fills fcc, flags, create and special_use of the action; -1 with a run-time error. */
int fcc_take(struct run *run, const struct node *node, struct action *action);

#endif
