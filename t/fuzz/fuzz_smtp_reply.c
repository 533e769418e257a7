/*
 * SMTP replies, whole and cut at a place that the first byte chooses: both readings agree.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "common/net/smtp_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct smtp_reply *r)
{
	AUTO_BUF shown = { 0 };

	if (r->code < 200 || r->code > 599 || r->text.len > SMTP_REPLY_TOTAL ||
		strlen(r->enhanced) >= sizeof(r->enhanced))
		abort();
	smtp_reply_show(r, 300, &shown);
	for (size_t i = 0; i < shown.len; i++) {
		if ((unsigned char)shown.ptr[i] < ' ')
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_SMTP_REPLY whole = { 0 };
	AUTO_SMTP_REPLY cut = { 0 };
	struct slice in;
	struct slice first;
	size_t at;
	int got;
	int again;

	if (size == 0)
		return 0;
	in = slice_of(data + 1, size - 1);
	at = in.len ? data[0] % (in.len + 1) : 0;
	first = slice_first(in, at);
	again = smtp_reply_read(&first, &cut, NULL);
	if (again == 0) {
		struct slice rest = slice_of(first.ptr, (size_t)(in.ptr + in.len - first.ptr));

		again = smtp_reply_read(&rest, &cut, NULL);
	}
	got = smtp_reply_read(&in, &whole, NULL);
	if (got != again || (got == 1 && whole.code != cut.code))
		abort();
	if (got == 1) {
		if (!slice_equal(buf_slice(&whole.text), buf_slice(&cut.text)))
			abort();
		check(&whole);
	}
	while (got == 1 && (got = smtp_reply_read(&in, &whole, NULL)) == 1)
		check(&whole);
	return 0;
}
