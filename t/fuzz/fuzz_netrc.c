/*
 * A netrc file of any bytes: one of three answers, a line that is there, and a password that
 * stands in the file.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "common/net/netrc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	AUTO_BUF password = { 0 };
	size_t line = 0;
	size_t lines = 1;
	int got = netrc_find(text, "m", "a", &password, &line);

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	if (got < -1 || got > 1 || line < 1 || line > lines + 1)
		abort();
	if (got == 1 && password.len > size)
		abort();
	/* Escapes apart, it was copied. */
	if (got == 1 && !memchr(data, '\\', size) && slice_find(text, buf_slice(&password)) < 0)
		abort();
	return 0;
}
