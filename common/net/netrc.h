/*
 * netrc(5) as ftp, curl, fetchmail and mpop read it, without the file.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_NETRC_H
#define COMMON_NET_NETRC_H

#include "common/base/buf.h"

/*
 * Words are parted by blanks and line ends; a word that begins with a double quote goes to
 * the next one, with \" \\ \n \r \t in it (elsewhere a backslash is a backslash). An entry
 * begins with "machine NAME" or "default"; in it stand "login NAME" (also "user") and
 * "password TEXT" (also "passwd"), "account TEXT" is passed over, "macdef NAME" goes to the
 * next empty line. "#" where a keyword may stand begins a comment. Other words are passed
 * over.
 *
 * Among the entries with a password the first of the best kind is taken: the machine
 * (letters of either case) with this login, the machine without a login, the default with
 * this login, the default without. 1 found: *password (whose room is reserved: nothing is
 * left behind in grown copies) is filled; 0 none; -1 malformed: a quote that does not end,
 * or a keyword without its word, in line *line.
 */
int netrc_find(struct slice text, const char *machine, const char *login,
	struct buf *password, size_t *line);

#endif
