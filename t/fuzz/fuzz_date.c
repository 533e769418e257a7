/*
 * common/mail/date: every date that is read can be written and read again.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/mail/date.h"

static void must(bool right)
{
	if (!right)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	AUTO_BUF written = { 0 };
	int64_t when, again;
	int zone = 0;

	if (date_read_internal(text, &when))
		must(date_read_header(text, &again, NULL) && again == when);
	if (date_read_stamp(text, &when)) {
		date_put_stamp(&written, when);
		/* An offset may carry it over the edge of the years that can be written. */
		must(date_read_stamp(buf_slice(&written), &again));
		must(again == when || when < INT64_C(-62135596800) ||
			when > INT64_C(253402300799));
	}
	if (!date_read_header(text, &when, &zone))
		return 0;
	must(zone > -6000 && zone < 6000);
	buf_clear(&written);
	date_put_header(&written, when);
	must(date_read_header(buf_slice(&written), &again, &zone));
	must(again == when || when < INT64_C(-62135596800) || when > INT64_C(253402300799));
	buf_clear(&written);
	date_put_from_line(&written, when);
	must(date_read_header(buf_slice(&written), &again, NULL));
	return 0;
}
