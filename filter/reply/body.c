/*
 * The text of a message that is put together here: see body.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/body.h"

#include "common/base/utf8.h"
#include "common/mail/charset.h"
#include "common/mail/transfer_encode.h"

void body_clean(struct slice text, struct buf *out)
{
	AUTO_BUF utf8 = { 0 };

	charset_to_utf8(SLICE("utf-8"), text, &utf8);
	for (size_t i = 0; i < utf8.len; i++) {
		char c = utf8.ptr[i];

		if (c == '\r' && i + 1 < utf8.len && utf8.ptr[i + 1] == '\n')
			continue;
		if (c == '\0')
			buf_add_text(out, UTF8_REPLACEMENT);
		else
			buf_add_byte(out, c == '\r' ? '\n' : c);
	}
}

void body_put(struct slice text, struct buf *out)
{
	AUTO_BUF clean = { 0 };
	bool plain;

	body_clean(text, &clean);
	if (clean.len > 0 && clean.ptr[clean.len - 1] != '\n')
		buf_add_byte(&clean, '\n');
	plain = transfer_is_7bit(buf_slice(&clean));
	buf_addf(out, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
		"Content-Transfer-Encoding: %s\n\n", plain ? "7bit" : "quoted-printable");
	if (plain)
		buf_add_slice(out, buf_slice(&clean));
	else
		transfer_encode_quoted(buf_slice(&clean), out);
}
