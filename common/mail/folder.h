/*
 * Where a folder lies: from a name as a rule writes it to a place on disk.
 *
 * A store is written "maildir:DIRECTORY" or "mbox:PATH". In a Maildir the inbox is the
 * directory itself, and folder "lists/c" or "lists.c" is ".lists.c" in it (Maildir++). In
 * an mbox store the inbox is the file, and folders are files beneath a directory: "lists/c"
 * is DIRECTORY/lists/c. Names are UTF-8 and become modified UTF-7 on disk. INBOX, in any
 * case, is the inbox, and "INBOX/x" the folder x. Whatever a name holds, its place is
 * never outside the store: empty parts and "..", names that are too long or no UTF-8 have
 * no place.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_FOLDER_H
#define COMMON_MAIL_FOLDER_H

#include "common/base/buf.h"
#include "common/base/fault.h"

enum store_kind { STORE_MAILDIR, STORE_MBOX };

struct store {
	enum store_kind kind;
	char *path; /* owned: "~" expanded, absolute, no "/" at the end */
};

/* Reads "maildir:~/Mail". FAULT_CONFIG says what is wrong. */
int store_read(const char *text, struct store *out, struct fault *why);
void store_clear(struct store *s);

/* "maildir", "mbox". */
const char *store_scheme(enum store_kind kind);

/* The two stores of section `deliver`: settings "inbox" and "folders". */
struct stores {
	struct store inbox;
	struct store folders;
};

/*
 * From the texts of the settings; folders may be NULL: then they lie in the inbox's
 * Maildir, and with an mbox as inbox in "mbox:~/mail". Their path is a directory.
 */
int stores_read(const char *inbox, const char *folders, struct stores *out,
	struct fault *why);
void stores_clear(struct stores *s);

/* LIMIT: bytes of one name on disk; what a filesystem takes, less room for ".lock". */
enum { FOLDER_NAME_MAX = 250 };

/*
 * The place of a folder: *kind, and its absolute path in *path (cleared first). *inbox
 * (may be NULL) tells that it is the inbox. FAULT_DATA when the name has no place.
 */
int folder_place(const struct stores *s, struct slice name, enum store_kind *kind,
	struct buf *path, bool *inbox, struct fault *why);

/* True when the folder is there, and may be written: Maildir with its three directories,
 * mbox file. */
bool folder_exists(const struct stores *s, struct slice name);

#endif
