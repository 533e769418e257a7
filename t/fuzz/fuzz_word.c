/*
 * common/mail/word, charset: what comes out is clean UTF-8, and what is encoded comes back.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/base/utf8.h"
#include "common/mail/word.h"

static void must(bool right)
{
	if (!right)
		abort();
}

static void must_be_clean(const struct buf *text)
{
	must(utf8_valid(buf_slice(text)));
	must(slice_find_byte(buf_slice(text), '\0') < 0);
	must(slice_find_byte(buf_slice(text), '\r') < 0);
	must(slice_find_byte(buf_slice(text), '\n') < 0);
}

static void encode_and_back(const struct buf *clean)
{
	AUTO_BUF coded = { 0 };
	AUTO_BUF back = { 0 };

	word_encode(buf_slice(clean), &coded);
	for (size_t i = 0; i < coded.len; i++) {
		must((coded.ptr[i] >= 32 && coded.ptr[i] < 127) || coded.ptr[i] == '\n');
		if (coded.ptr[i] == '\n')
			coded.ptr[i] = ' ';
	}
	word_decode(buf_slice(&coded), &back);
	must(slice_equal(buf_slice(&back), buf_slice(clean)));
}

/* Charset, NUL, bytes: the same whole and in two pieces. */
static void convert(struct slice in, size_t cut)
{
	struct slice name;
	struct charset *c;
	AUTO_BUF whole = { 0 };
	AUTO_BUF pieces = { 0 };

	if (!slice_cut(&in, '\0', &name) || !in.ptr || !(c = charset_open(name)))
		return;
	cut %= in.len + 1;
	charset_feed(c, slice_first(in, cut), &pieces);
	charset_feed(c, slice_from(in, cut), &pieces);
	charset_finish(c, &pieces);
	charset_close(c);
	must(charset_to_utf8(name, in, &whole));
	must(slice_equal(buf_slice(&whole), buf_slice(&pieces)));
	must(utf8_valid(buf_slice(&whole)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF decoded = { 0 };
	AUTO_BUF clean = { 0 };

	word_decode(slice_of(data, size), &decoded);
	must_be_clean(&decoded);
	word_clean(slice_of(data, size), &clean);
	must_be_clean(&clean);
	encode_and_back(&clean);
	convert(slice_of(data, size), size > 0 ? data[size - 1] : 0);
	return 0;
}
