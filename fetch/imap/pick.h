/*
 * Which folders the setting "folders" means.
 *
 *	item = ["!"] ( name / pattern / "\" special-use )
 *
 * A name or pattern ("*": anything, "%": anything within one part) is in UTF-8, its parts
 * joined by "/". A special use is an attribute of RFC 6154: "\Junk". The last item that
 * matches a folder decides; "!" means that it is not wanted. A list that begins with "!"
 * begins from all folders.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_PICK_H
#define FETCH_IMAP_PICK_H

#include "common/base/buf.h"

/* A name alone, that needs no list of what there is. */
bool pick_is_name(const char *item);
/* A special use, wanted or not. */
bool pick_is_use(const char *item);
/* An item that can be: not empty, no control character, a special use that exists. */
bool pick_is_valid(const char *item);

struct pick_folder {
	struct slice name;  /* UTF-8, parts joined by "/" */
	struct slice inner; /* the same without the prefix of the personal namespace, or empty */
	struct slice uses;  /* attributes parted by blanks */
};

bool pick_chooses(const struct strings *items, const struct pick_folder *folder);

/* Greedy, no recursion: its time is bounded by the product of both lengths. */
bool pick_matches(struct slice pattern, struct slice name);

#endif
