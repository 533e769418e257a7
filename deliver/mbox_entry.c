/*
 * The mbox format: see mbox_entry.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/mbox_entry.h"

#include "common/mail/date.h"

static const char from_[] = "From ";
enum { FROM_LEN = 5 };

/* LIMIT: of a sender in a From_ line; an address of RFC 5321 has at most 254. */
enum { SENDER_MAX = 320 };

void mbox_put_from_line(struct buf *out, struct slice sender, int64_t when)
{
	buf_add_text(out, from_);
	if (sender.len == 0)
		buf_add_text(out, "MAILER-DAEMON");
	/* Readers cut at blanks: a quoted local part with one must not shift the date. */
	for (size_t i = 0; i < sender.len && i < SENDER_MAX; i++) {
		unsigned char c = (unsigned char)sender.ptr[i];

		buf_add_byte(out, c <= ' ' || c == 0x7f ? '-' : (char)c);
	}
	buf_add_byte(out, ' ');
	date_put_from_line(out, when);
	buf_add_byte(out, '\n');
}

/*
 * The extra ">" may stand anywhere among those of the line: it is put right before "From ",
 * so that never more than five bytes are held back.
 */
static void at_line_start(struct mbox_quote *q, char c, struct buf *out)
{
	if (c == from_[q->matched]) {
		if (++q->matched < FROM_LEN)
			return;
		buf_add_byte(out, '>');
		buf_add(out, from_, FROM_LEN);
		q->matched = 0;
		q->inside = true;
		return;
	}
	buf_add(out, from_, q->matched);
	q->inside = (q->matched > 0 || c != '>') && c != '\n';
	q->matched = 0;
	buf_add_byte(out, c);
}

void mbox_quote(struct mbox_quote *q, struct slice bytes, struct buf *out)
{
	if (bytes.len == 0)
		return;
	q->any = true;
	q->ended = bytes.ptr[bytes.len - 1] == '\n';
	while (bytes.len > 0) {
		const char *end;
		size_t len;

		if (!q->inside) {
			at_line_start(q, bytes.ptr[0], out);
			slice_skip(&bytes, 1);
			continue;
		}
		end = memchr(bytes.ptr, '\n', bytes.len);
		len = end ? (size_t)(end - bytes.ptr) + 1 : bytes.len;
		buf_add(out, bytes.ptr, len);
		slice_skip(&bytes, len);
		q->inside = !end;
	}
}

void mbox_quote_end(struct mbox_quote *q, struct buf *out)
{
	buf_add(out, from_, q->matched);
	q->matched = 0;
	if (q->any && !q->ended)
		buf_add_byte(out, '\n');
	buf_add_byte(out, '\n');
}

uint64_t mbox_digest(uint64_t digest, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		digest = (digest ^ (unsigned char)bytes.ptr[i]) * UINT64_C(0x100000001b3);
	return digest;
}

const char *mbox_padding(struct slice tail)
{
	if (tail.len == 0)
		return "";
	if (tail.ptr[tail.len - 1] != '\n')
		return "\n\n";
	return tail.len == 2 && tail.ptr[0] != '\n' ? "\n" : "";
}
