/*
 * The settings of an account about what is done with a message once it is stored here.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_AFTERWARDS_H
#define FETCH_AFTERWARDS_H

#include "common/base/settings.h"

struct afterwards {
	int64_t delete_after; /* milliseconds; 0: not set */
	bool mark_read;
	struct strings set_flags, clear_flags; /* IMAP: as STORE takes them */
	char *move_to;        /* IMAP: UTF-8, parts joined by "/"; NULL: nowhere */
};

#define AFTERWARDS_SETTINGS(type, member)                                                    \
	SETTING(type, member.delete_after, "delete-after", TIME, NULL,                       \
		"keep messages so long, then delete them"),                                  \
	SETTING(type, member.mark_read, "mark-read", BOOL, "false",                          \
		"IMAP: what is stored becomes \\Seen at the server"),                       \
	SETTING(type, member.set_flags, "set-flags", LIST, NULL,                             \
		"IMAP: flags that what is stored gets at the server"),                       \
	SETTING(type, member.clear_flags, "clear-flags", LIST, NULL,                         \
		"IMAP: flags that it loses there"),                                          \
	SETTING(type, member.move_to, "move-to", TEXT, NULL,                                 \
		"IMAP: folder of the server that what is stored is moved to")

/*
 * Do the settings of account `name` go together? FAULT_CONFIG, without the place. `folders`
 * are those that are fetched from.
 */
int afterwards_check(const struct afterwards *a, const struct config *config, const char *name,
	bool imap, const struct strings *folders, struct fault *why);

/*
 * RFC 3501 section 9: flag = "\Answered" / "\Flagged" / "\Seen" / "\Draft" / atom. Those
 * that a client cannot set (\Recent), or that would have others expunge the message
 * (\Deleted), are none.
 */
bool afterwards_is_flag(struct slice text);

#endif
