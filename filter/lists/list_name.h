/*
 * Names of lists as rules write them (RFC 6134 sections 2.5 and 2.6), and their files.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LISTS_LIST_NAME_H
#define FILTER_LISTS_LIST_NAME_H

#include "common/base/buf.h"

/*
 * "friends", ":addrbook:friends" (for "urn:ietf:params:sieve:addrbook:friends") and
 * "tag:example.org,2026-01-01:friends" are all the file "friends", put into *file (cleared
 * first). The percent-encoding of URIs is undone; a file's name is one plain component that
 * begins with no dot. False: no such name.
 *
 * *book (may be NULL) tells that it is the default address book, in any case and encoding:
 * the file "default", which every server has, be it empty.
 */
bool list_name(struct slice name, struct buf *file, bool *book);

#endif
