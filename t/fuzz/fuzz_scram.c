/*
 * The words of a hostile SCRAM server: two, parted by NUL, behind a byte that says which
 * kind of login. "%" stands for our nonce, which is the same each time.
 *
 * SPDX-License-Identifier: ISC
 */
#include <gsasl.h>
#include <stdint.h>

#include "common/net/scram_client.h"

int gsasl_nonce(char *data, size_t datalen)
{
	memset(data, 'A', datalen);
	return GSASL_OK;
}

/* LIMIT: iterations cost time, not lines of ours. */
static bool is_costly(struct slice word)
{
	ptrdiff_t at = slice_find(word, SLICE(",i="));
	struct slice digits = at < 0 ? SLICE("") : slice_from(word, (size_t)at + 3);

	return digits.len > 3 && digits.ptr[3] != ',';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct scram_binding binding = { "tls-exporter", "0123456789", 10 };
	struct scram_client s = { .user = "us=er", .password = "pencil" };
	struct slice rest, word;
	struct buf response = { 0 };
	struct buf heard = { 0 };
	struct fault why;
	int result;

	if (size == 0)
		return 0;
	s.sha256 = data[0] & 1;
	s.binding = data[0] & 2 ? &binding : NULL;
	s.bind = s.binding && data[0] & 4;
	rest = slice_of((const char *)data + 1, size - 1);
	result = scram_client_step(&s, SLICE(""), &response, &why);
	while (result == 0 && slice_cut(&rest, '\0', &word) && !is_costly(word)) {
		buf_clear(&heard);
		buf_clear(&response);
		for (size_t i = 0; i < word.len; i++) {
			if (word.ptr[i] == '%')
				buf_add_slice(&heard, slice_from(buf_slice(&s.first), s.nonce));
			else
				buf_add_byte(&heard, word.ptr[i]);
		}
		result = scram_client_step(&s, buf_slice(&heard), &response, &why);
	}
	/* Nobody knows the password here but us. */
	if (result > 0 && s.steps == 3 && s.expected.len == 0)
		abort();
	scram_client_free(&s);
	buf_free(&response);
	buf_free(&heard);
	return 0;
}
