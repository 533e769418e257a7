/*
 * Parts of an address as address and envelope compare them (RFC 5228 section 2.7.4).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_ADDRESS_PARTS_H
#define FILTER_TESTS_ADDRESS_PARTS_H

#include "common/mail/address.h"
#include "filter/script.h"

/*
 * The part of the address: true and *out (into the address, or into `room`, overwritten);
 * false when it has none, as a group without members.
 */
bool address_parts_take(const struct address *a, enum address_part part, struct buf *room,
	struct slice *out);

#endif
