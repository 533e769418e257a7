/*
 * common/mail/header: fields lie in order in the header, its end is the same however it grows.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/mail/header.h"
#include "common/mail/lineend.h"

static void must(bool right)
{
	if (!right)
		abort();
}

/* The length as a message shows it that comes in two pieces and then byte by byte. */
static ptrdiff_t grown_length(struct slice all, size_t cut)
{
	struct header_scan scan = { 0 };
	ptrdiff_t length = header_scan(&scan, slice_first(all, cut), cut == all.len);

	for (size_t len = cut + 1; length < 0 && len <= all.len; len++)
		length = header_scan(&scan, slice_first(all, len), len == all.len);
	return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t cut = size > 0 ? data[0] % (size + 1) : 0;
	struct slice all = slice_of(data, size);
	struct slice in = all;
	ptrdiff_t length = header_length(all, true);
	const char *from = all.ptr;
	struct field field;
	struct lineend lineend = { 0 };
	AUTO_BUF lf = { 0 };

	must(length >= 0 && (size_t)length <= size);
	must(grown_length(all, cut) == length);
	while (header_next(&in, &field) == 1) {
		AUTO_BUF body = { 0 };

		must(field.name.len > 0 && field.raw.ptr >= from && field.raw.len > 0);
		must(field.name.ptr == field.raw.ptr && field.body.ptr > field.name.ptr);
		must(field.body.ptr + field.body.len <= field.raw.ptr + field.raw.len);
		from = field.raw.ptr + field.raw.len;
		must(from == in.ptr);
		header_unfold(field.body, &body);
		must(slice_find_byte(buf_slice(&body), '\n') < 0);
	}
	/* A header that was found is read up to its end and no further. */
	must(length == 0 || in.ptr == all.ptr + length);
	lineend_to_lf(&lineend, slice_first(all, cut), &lf);
	lineend_to_lf(&lineend, slice_from(all, cut), &lf);
	lineend_finish(&lineend, &lf);
	must(slice_find(buf_slice(&lf), SLICE("\r\n")) < 0 ||
		slice_find(all, SLICE("\r\r\n")) >= 0);
	return 0;
}
