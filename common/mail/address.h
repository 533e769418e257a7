/*
 * RFC 5322 section 3.4: address lists, and RFC 5321 section 4.1.2: what may stand in an
 * envelope.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_ADDRESS_H
#define COMMON_MAIL_ADDRESS_H

#include "common/base/fault.h"
#include "common/base/buf.h"

struct address {
	char *name;   /* display name, RFC 2047 not yet decoded; NULL when none */
	char *local;  /* without quotes; NULL for a group without members */
	char *domain; /* NULL when unqualified */
	char *group;  /* name of the group it stands in; NULL */
};

struct address_list {
	struct address *at;
	size_t count;
};

/* LIMIT: addresses read of one field; what follows is left out and `cut` tells. */
enum { ADDRESS_MAX = 100000 };

/*
 * Reads an address-list (groups, comments, quoted strings, obsolete routes, RFC 6532
 * UTF-8). Linear in its length whatever the bytes are. What is no address is skipped up
 * to the next comma; `bad`, if not NULL, counts those. The list is owned by the caller.
 */
void address_read_list(struct slice unfolded, struct address_list *out, size_t *bad);
void address_list_free(struct address_list *list);

/* Adds local@domain, the local part quoted where it must be (RFC 5321 4.1.2). */
void address_put(struct buf *out, const struct address *a);

/*
 * May stand between < and > in MAIL FROM or RCPT TO: no control bytes, no blanks outside
 * quotes, local part at most 64, all at most 254 bytes. FAULT_DATA says what is wrong. The empty text is not valid here.
 */
int address_check_envelope(struct slice text, struct fault *why);

#endif
