/*
 * Parts of an address: see address_parts.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/tests/address_parts.h"

bool address_parts_take(const struct address *a, enum address_part part, struct buf *room,
	struct slice *out)
{
	if (!a->local || (part == PART_DOMAIN && !a->domain))
		return false;
	if (part == PART_ALL) {
		buf_clear(room);
		address_put(room, a);
		*out = buf_slice(room);
	} else {
		*out = slice_text(part == PART_LOCAL ? a->local : a->domain);
	}
	return true;
}
