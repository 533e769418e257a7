/*
 * Which folders an IMAP account has, and which of them are wanted.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_FOLDERS_H
#define FETCH_IMAP_FOLDERS_H

#include "fetch/imap/talk.h"

struct folders {
	struct strings wire; /* names as the server writes them (modified UTF-7) */
	char delimiter;      /* between the parts of a name; 0: a flat server */
	struct fault trouble; /* a name that nobody can use; the others are there */
};

#define AUTO_FOLDERS __attribute__((cleanup(folders_free))) struct folders
void folders_free(struct folders *f);

/*
 * Asks for what `wanted` names: patterns ("*" anything, "%" one part) by LIST, plain names
 * are taken as they are. Parts are joined by "/" there, whatever the server uses.
 */
int folders_list(struct imap_talk *talk, const struct strings *wanted, struct folders *out,
	struct fault *why);

/* The name as people read it: UTF-8, parts joined by "/". */
void folder_shown(const struct folders *f, const char *wire_name, struct buf *out);

/* Adds the name as a quoted string. */
void folder_quoted(const char *wire_name, struct buf *out);

#endif
