/*
 * Lines from a descriptor, each at most a limit long.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_LINE_H
#define COMMON_BASE_LINE_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

struct line_reader {
	int fd;           /* borrowed */
	const char *name; /* for sentences; borrowed */
	size_t limit;     /* longest line, without its end */
	struct buf bytes;
	size_t taken;
	bool ended;
};

void line_reader_free(struct line_reader *in);

/*
 * The next line without LF or CRLF, valid until the next call. Returns 1 line, 0 end,
 * -1 error (FAULT_TEMP) or a line over the limit (FAULT_DATA). A last line without LF
 * counts. On a non-blocking descriptor that has nothing now: 2.
 */
int line_read(struct line_reader *in, struct slice *line, struct fault *why);

#endif
