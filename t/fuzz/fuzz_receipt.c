/*
 * common/mail/receipt: what is read is written again and read to the same.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/mail/receipt.h"

static void must(bool right)
{
	if (!right)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum receipt_verdict verdict, again;
	AUTO_BUF id = { 0 };
	AUTO_BUF reason = { 0 };
	AUTO_BUF id_again = { 0 };
	AUTO_BUF reason_again = { 0 };
	AUTO_BUF line = { 0 };
	struct fault why;

	if (receipt_read(slice_of(data, size), &verdict, &id, &reason, &why) < 0) {
		must(why.kind == FAULT_PROTOCOL);
		return 0;
	}
	must(id.len > 0 && id.len <= STREAM_ID_MAX);
	receipt_put(&line, verdict, buf_slice(&id), buf_text(&reason));
	must(slice_find_byte(buf_slice(&line), '\n') == (ptrdiff_t)line.len - 1);
	buf_cut(&line, line.len - 1);
	must(receipt_read(buf_slice(&line), &again, &id_again, &reason_again, &why) == 0);
	must(again == verdict && slice_equal(buf_slice(&id), buf_slice(&id_again)));
	must(slice_equal(slice_first(buf_slice(&reason), RECEIPT_REASON_MAX),
		buf_slice(&reason_again)));
	return 0;
}
