/*
 * Parts of an address as tests compare them (RFC 5228 section 2.7.4, RFC 5233 section 4).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_ADDRESS_PARTS_H
#define FILTER_TESTS_ADDRESS_PARTS_H

#include "common/mail/address.h"
#include "filter/language/script.h"

/*
 * The part of the address: true and *out (into the address, or into `room`, overwritten);
 * false when it has none, as a group without members. The local part is cut at the first of
 * `delimiters` (RFC 5233; may be NULL: nowhere).
 */
bool address_parts_take(const struct address *a, enum address_part part,
	const char *delimiters, struct buf *room, struct slice *out);

#endif
