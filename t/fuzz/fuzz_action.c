/*
 * Action lines: any bytes are refused, or come back the same once written and read again.
 *
 * SPDX-License-Identifier: ISC
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "common/mail/action.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char rule[] = "r:1";
	AUTO_FREE char *text = slice_copy(slice_of(data, size));
	struct frame_action from = { rule, text };
	AUTO_BUF once = { 0 };
	AUTO_BUF twice = { 0 };
	struct action a = { 0 };
	struct fault why;

	if (action_read(&from, &a, &why) < 0)
		return 0;
	action_put(&once, &a);
	action_clear(&a);
	from.command = once.ptr;
	assert(action_read(&from, &a, &why) == 0);
	action_put(&twice, &a);
	assert(slice_equal(buf_slice(&once), buf_slice(&twice)));
	action_clear(&a);
	return 0;
}
