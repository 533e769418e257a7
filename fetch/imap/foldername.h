/*
 * Names of folders as the server writes them (wire), as people read them (UTF-8, parts
 * joined by "/"), as the ledger has them (UTF-8, joined as the server does).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_FOLDERNAME_H
#define FETCH_IMAP_FOLDERNAME_H

#include "common/net/imap_reply.h"

/* How a server writes them. */
struct folder_names {
	char delimiter; /* between the parts of a name; 0: a flat server */
	bool utf8;      /* names are UTF-8 there (RFC 6855), not modified UTF-7 */
	struct imap_namespace space;
};

/* These add to *out. What is no modified UTF-7 is shown as it is. */
void folder_shown(const struct folder_names *n, const char *wire, struct buf *out);
void folder_place(const struct folder_names *n, const char *wire, struct buf *out);
/* INBOX is one folder in any case (RFC 3501 section 5.1): it is always called so. */
const char *folder_canonical(const char *wire);

void folder_quoted(const char *wire, struct buf *out);

/*
 * From a name as people write it: the prefix of the personal namespace is put before it
 * when it is missing. FAULT_CONFIG: it is no UTF-8.
 */
int folder_wire(const struct folder_names *n, const char *name, struct buf *out,
	struct fault *why);

/* No control characters, no "/" at the start, no part "." or "..": as sent, and decoded. */
bool folder_is_sane(const struct folder_names *n, const char *wire);

/* What stands behind the prefix of the personal namespace; empty when it has none. */
struct slice folder_inner(const struct folder_names *n, struct slice shown);

#endif
