/*
 * Section `deliver` of the configuration: mr-deliver's, and mr-filter asks it for folders.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_DELIVER_SETTINGS_H
#define COMMON_MAIL_DELIVER_SETTINGS_H

#include "common/base/settings.h"
#include "common/mail/folder.h"

struct deliver_settings {
	char *inbox;           /* "maildir:~/Mail" */
	char *folders;         /* where folders lie; NULL: see stores_read */
	int64_t lock_timeout;  /* milliseconds to wait for the lock of an mbox */
	bool ledger;           /* log plain messages, too */
	bool group_readable;   /* files 0640, directories 0750 */
	bool reject_fetched;   /* also mail that was fetched; else it is kept */
	char *relay_program;   /* what carries redirected mail; NULL: mr-relay beside us */
	struct strings special_use; /* "\\Junk Spam": folders by their use (RFC 6154) */
	char *redirect_sender; /* envelope sender of redirected mail; NULL: the message's own */
};

extern const struct setting deliver_setting_rows[];

/* Reads the section and its stores. Both are to be freed, also after a fault. */
int deliver_settings_read(const struct config *config, struct deliver_settings *out,
	struct stores *stores, struct fault *why);
/* RFC 6154 section 6: use-attr, a backslash and an atom. */
bool special_use_valid(struct slice use);

/* The folder of one of special_use, if it is for that use; NULL. Borrowed from the entry. */
const char *deliver_use_folder(const char *entry, struct slice use);

/*
 * RFC 8579 section 4: where mail for that use goes: to `named` if that is one of the folders
 * for it, else to the first of them, of those that are there; else to `named`.
 */
const char *deliver_special_use(const struct deliver_settings *s, const struct stores *stores,
	const char *use, const char *named);

void deliver_settings_free(struct deliver_settings *s);

#endif
