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
	char *domain; /* NULL when unqualified, and for the null address "<>" (local "") */
	const char *group; /* name of the group it stands in, the list's; NULL */
};

/* All zero is empty. No byte of a name, local part or domain is a control byte. */
struct address_list {
	struct address *at;
	size_t count;
	bool cut;              /* there were more than ADDRESS_MAX */
	struct strings groups; /* what `group` points to */
};

/* LIMIT: addresses read of one field, groups without members among them. */
enum { ADDRESS_MAX = 100000 };

/*
 * Reads an address-list (groups, comments, quoted strings, obsolete routes, RFC 6532
 * UTF-8) with the leniencies of LENIENT.md. Linear in its length whatever the bytes are,
 * without recursion. What is no address is passed over up to the next comma; `bad`, if not
 * NULL, counts those. The old content of *out is not looked at; the caller frees the list.
 */
void address_read_list(struct slice unfolded, struct address_list *out, size_t *bad);
void address_list_free(struct address_list *list);
#define AUTO_ADDRESSES __attribute__((cleanup(address_list_free))) struct address_list

/* Adds local@domain, the local part quoted where it must be (RFC 5321 4.1.2). */
void address_put(struct buf *out, const struct address *a);

/*
 * May stand between < and > in MAIL FROM or RCPT TO (RFC 5321 4.1.2 and 4.5.3.1, RFC 6531
 * 3.3): dot-string or quoted string, no control bytes, no blanks outside of quotes; with
 * or without a domain; at most 254 bytes. FAULT_DATA says what is wrong. The empty text is
 * not valid here.
 */
int address_check_envelope(struct slice text, struct fault *why);

#endif
