/*
 * One list in memory: the lines of a file, found by their keys.
 *
 *	# a comment
 *	alice@example.org
 *	bob@example.org   Bob from the office
 *	"two words"       a key with blanks
 *
 * A line is a key, and perhaps a value behind blanks; "#" at the front of either begins a
 * comment. Keys are compared as i;unicode-casemap does; of equal ones the first counts.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LISTS_LIST_H
#define FILTER_LISTS_LIST_H

#include "common/base/buf.h"

struct list;

/* As it stands in the list. Borrowed from it; both within one line, the value behind. */
struct list_entry {
	struct slice key;
	struct slice value; /* empty: none */
};

/* LIMIT: bytes of a list. A million addresses take some 25 MiB. */
enum { LIST_MAX = 256 << 20 };

/* Takes the text (given away). Linear. */
struct list *list_new(struct buf *text);
void list_free(struct list *list);

/* Is that a key? Blanks around it do not count. *out may be NULL. */
bool list_find(const struct list *list, struct slice key, struct list_entry *out);

/* The entries in order, from *at = 0: false at the end. */
bool list_next(const struct list *list, size_t *at, struct list_entry *out);

#endif
