/*
 * Lines from a descriptor: see line.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/line.h"

#include <errno.h>

#include "common/base/io.h"

void line_reader_free(struct line_reader *in)
{
	buf_free(&in->bytes);
}

static struct slice without_cr(struct slice line)
{
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

int line_read(struct line_reader *in, struct slice *line, struct fault *why)
{
	buf_drop(&in->bytes, in->taken);
	in->taken = 0;
	for (;;) {
		struct slice all = buf_slice(&in->bytes);
		ptrdiff_t end = slice_find_byte(all, '\n');
		ssize_t n;

		if (end >= 0 ? (size_t)end > in->limit : all.len > in->limit)
			return fault_set(why, FAULT_DATA, "%s: a line is longer than %zu bytes",
				in->name, in->limit);
		if (end >= 0 || (in->ended && all.len > 0)) {
			*line = without_cr(end >= 0 ? slice_first(all, (size_t)end) : all);
			in->taken = end >= 0 ? (size_t)end + 1 : all.len;
			return 1;
		}
		if (in->ended)
			return 0;
		buf_reserve(&in->bytes, 4096);
		n = io_read(in->fd, in->bytes.ptr + in->bytes.len,
			in->bytes.room - in->bytes.len - 1);
		if (n < 0 && errno == EAGAIN)
			return 2;
		if (n < 0)
			return fault_set(why, FAULT_TEMP, "read %s: %s", in->name, strerror(errno));
		in->ended = n == 0;
		in->bytes.len += (size_t)n;
		in->bytes.ptr[in->bytes.len] = '\0';
	}
}
