/*
 * Parts of an address: see address_parts.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/tests/address_parts.h"

/* RFC 5233 section 4: without a delimiter all is the user, and there is no detail. */
static bool take_sub(struct slice local, enum address_part part, const char *delimiters,
	struct slice *out)
{
	size_t len = delimiters ? strcspn(local.ptr, delimiters) : local.len;

	if (part == PART_DETAIL && len == local.len)
		return false;
	*out = part == PART_USER ? slice_first(local, len) : slice_from(local, len + 1);
	return true;
}

bool address_parts_take(const struct address *a, enum address_part part,
	const char *delimiters, struct buf *room, struct slice *out)
{
	if (!a->local)
		return false;
	switch (part) {
	case PART_ALL:
		buf_clear(room);
		address_put(room, a);
		*out = buf_slice(room);
		return true;
	case PART_LOCAL:
		*out = slice_text(a->local);
		return true;
	case PART_DOMAIN:
		*out = slice_text(a->domain);
		return a->domain != NULL;
	case PART_USER:
	case PART_DETAIL:
		break;
	}
	return take_sub(slice_text(a->local), part, delimiters, out);
}
