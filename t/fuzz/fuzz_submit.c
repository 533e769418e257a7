/*
 * relay/compose, qualify and recipients: no Bcc leaves, whatever the bytes are; what must be
 * there is; the pieces of the input change nothing; recipients fit into an envelope.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/mail/address.h"
#include "common/mail/header.h"
#include "relay/compose.h"

static void must(bool right)
{
	if (!right)
		abort();
}

static int feed(struct compose *c, struct slice in, size_t piece, struct buf *out)
{
	struct fault why;

	while (in.len > 0) {
		struct slice part = slice_first(in, piece);

		if (compose_push(c, part, out, &why) < 0)
			return -1;
		slice_skip(&in, part.len);
	}
	return compose_finish(c, out, &why);
}

static void check_header(struct slice message)
{
	struct slice rest = message;
	struct field field;

	must(header_find(message, "From", &field));
	must(header_find(message, "Date", &field));
	must(header_find(message, "Message-ID", &field));
	while (header_next(&rest, &field) == 1) {
		must(!slice_is_case(field.name, "Bcc"));
		must(!slice_is_case(field.name, "Resent-Bcc"));
		must(!slice_is_case(field.name, "Return-Path"));
	}
}

static void check_recipients(const struct strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		must(address_check_envelope(slice_text(list->at[i]), NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct compose_plan plan = { .hostname = "h.test", .from = "a@b", .date = "D",
		.message_id = "<m@h>", .take_recipients = size > 0 && (data[0] & 1) };
	AUTO_COMPOSE *whole = compose_new(&plan);
	AUTO_COMPOSE *cut = compose_new(&plan);
	AUTO_BUF once = { 0 };
	AUTO_BUF pieces = { 0 };
	int result = feed(whole, slice_of(data, size), size, &once);

	must(feed(cut, slice_of(data, size), 1 + size % 7, &pieces) == result);
	must(compose_recipients(whole)->count == compose_recipients(cut)->count);
	check_recipients(compose_recipients(whole));
	if (result < 0)
		return 0;
	must(slice_equal(buf_slice(&once), buf_slice(&pieces)));
	check_header(buf_slice(&once));
	return 0;
}
