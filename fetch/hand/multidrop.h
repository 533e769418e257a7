/*
 * One mailbox for many: the envelope's recipients, taken from the field in which the server
 * that filled the mailbox wrote them down.
 *
 * To and Cc name those whom the author addressed, which is not who the message is for:
 * mailing lists and blind copies would go wrong, or to strangers. So nobody is guessed
 * unless the account says so, and then only within its own domains.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_MULTIDROP_H
#define FETCH_HAND_MULTIDROP_H

#include "common/base/settings.h"
#include "common/mail/frame.h"

struct multidrop {
	char *field;            /* NULL: the mailbox is one person's */
	long count;             /* the nth field of that name, from the top */
	char *strip;            /* taken off the front of each address; NULL: nothing */
	bool guess;             /* where the field is missing: To, Cc, Bcc */
	struct strings domains; /* only addresses in these; empty: any */
	char *recipient;        /* who gets what names nobody; without field: everything */
};

/* Rows for a struct `type` that has `struct multidrop member`. */
#define MULTIDROP_SETTINGS(type, member)                                                    \
	SETTING(type, member.field, "multidrop", TEXT, NULL,                                    \
		"field that names the recipients: the mailbox is that of several"),             \
	SETTING_RANGE(type, member.count, "multidrop-count", 1, 100, "1",                       \
		"which field of that name, from the top"),                                      \
	SETTING(type, member.strip, "multidrop-strip", TEXT, NULL,                              \
		"what the server puts before each address"),                                    \
	SETTING(type, member.guess, "multidrop-guess", BOOL, "false",                           \
		"without that field take To, Cc and Bcc"),                                      \
	SETTING(type, member.domains, "multidrop-domains", LIST, NULL,                          \
		"only recipients in these domains"),                                            \
	SETTING(type, member.recipient, "recipient", TEXT, NULL,                                \
		"envelope recipient of what names nobody")

/* LIMIT: recipients of one message: each may mean a program, or a copy on disk. */
enum { MULTIDROP_RECIPIENTS_MAX = 1000 };

/* Settings that cannot be meant so: FAULT_CONFIG; the text names the setting. */
int multidrop_check(const struct multidrop *m, struct fault *why);

/* Anything to be put into the frames of this account? */
bool multidrop_wanted(const struct multidrop *m);

/*
 * Adds rcpt-to to the frame, each once, and with `field` mail-from by Return-Path, if there
 * is one. FAULT_TEMP: it names nobody, or somebody who may not stand in an envelope; the
 * text names the field.
 */
int multidrop_take(const struct multidrop *m, struct slice header, struct frame *frame,
	struct fault *why);

#endif
