/*
 * Redirect loops: see loop.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/loop.h"

#include "common/mail/address.h"
#include "common/mail/header.h"

static const char mark[] = "X-Redirected-To";

const char *loop_check(struct slice header, struct slice recipient, unsigned hops)
{
	unsigned received = 0;
	struct field field;

	if (address_check_envelope(recipient, NULL) < 0)
		return "this is no address";
	while (header_next(&header, &field) == 1) {
		AUTO_BUF body = { 0 };

		if (slice_is_case(field.name, "Received") && ++received > hops)
			return "it came through too many hosts";
		if (!slice_is_case(field.name, mark) && !slice_is_case(field.name, "Delivered-To"))
			continue;
		header_unfold(field.body, &body);
		if (slice_equal_case(buf_slice(&body), recipient))
			return "it was there before";
	}
	return NULL;
}

void loop_put_field(struct buf *out, struct slice recipient)
{
	buf_addf(out, "%s: ", mark);
	buf_add_slice(out, recipient);
	buf_add_byte(out, '\n');
}
