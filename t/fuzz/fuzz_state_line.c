/*
 * Fuzzing the lines of an exported state: what is read and written is read as the same.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "fetch/state_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct state_line one = { 0 }, two = { 0 };
	AUTO_BUF first = { 0 };
	AUTO_BUF second = { 0 };
	struct fault why;

	if (state_line_read(slice_of(data, size), &one, &why) == 0 && one.kind == STATE_LINE_ROW) {
		state_line_put(&first, &one.row);
		buf_cut(&first, first.len - 1);
		if (state_line_read(buf_slice(&first), &two, &why) < 0)
			abort();
		state_line_put(&second, &two.row);
		if (first.len + 1 != second.len || memcmp(first.ptr, second.ptr, first.len) != 0)
			abort();
	}
	state_line_free(&one);
	state_line_free(&two);
	return 0;
}
