/*
 * The bodies of parts: see text.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/parts/text.h"

#include "common/mail/charset.h"
#include "filter/parts/html.h"

enum { PIECE = 65536 };

/* What a body goes through, one step after the other. */
struct decoder {
	struct transfer transfer;
	struct charset *charset; /* NULL: bytes as they are */
	struct spool *to;
	struct buf bytes;
	struct buf text;
};

int text_read(const struct text *text, uint64_t from, char *ptr, size_t len, size_t *got,
	struct fault *why)
{
	*got = 0;
	if (from >= text->len)
		return 0;
	if (len > text->len - from)
		len = (size_t)(text->len - from);
	if (text->message)
		return message_read(text->message, text->at + from, ptr, len, got, why);
	return spool_read(text->spool, text->at + from, ptr, len, got, why);
}

/* Takes a piece, or at the end (NULL) what is held back. */
static int decode(struct decoder *d, const struct slice *piece, struct fault *why)
{
	struct slice bytes = piece ? *piece : SLICE("");

	if (d->transfer.kind != TRANSFER_IDENTITY) {
		buf_clear(&d->bytes);
		if (piece)
			transfer_decode(&d->transfer, bytes, &d->bytes);
		else
			transfer_finish(&d->transfer, &d->bytes);
		bytes = buf_slice(&d->bytes);
	}
	if (d->charset) {
		buf_clear(&d->text);
		charset_feed(d->charset, bytes, &d->text);
		if (!piece)
			charset_finish(d->charset, &d->text);
		bytes = buf_slice(&d->text);
	}
	return spool_add(d->to, bytes, why);
}

static int decode_all(struct decoder *d, const struct text *from, struct fault *why)
{
	AUTO_BUF room = { 0 };
	uint64_t at = 0;
	size_t got;

	buf_reserve(&room, PIECE);
	do {
		struct slice piece;

		if (text_read(from, at, room.ptr, PIECE, &got, why) < 0)
			return -1;
		piece = slice_of(room.ptr, got);
		at += got;
		if (decode(d, got > 0 ? &piece : NULL, why) < 0)
			return -1;
	} while (got > 0);
	return 0;
}

static bool is_text(const struct part *p)
{
	return strcmp(p->type, "text") == 0;
}

/* RFC 2046 section 4.1.2: without a name, and with an unknown one, it is US-ASCII. */
static struct charset *open_charset(const struct part *p)
{
	struct charset *charset = charset_open(slice_text(p->charset));

	return charset ? charset : charset_open(SLICE("us-ascii"));
}

static int make_decoded(struct message *message, struct part *p, struct fault *why)
{
	struct spool *to = &message->parts->decoded;
	struct text raw = { message, NULL, p->body_at, p->end_at - p->body_at };
	struct decoder d = { .transfer = { .kind = p->encoding }, .to = to };
	uint64_t begin = to->size;
	int result;

	if (!is_text(p) && p->encoding == TRANSFER_IDENTITY) {
		p->decoded = raw;
		p->is_decoded = true;
		return 0;
	}
	d.charset = is_text(p) ? open_charset(p) : NULL;
	result = decode_all(&d, &raw, why);
	charset_close(d.charset);
	buf_free(&d.transfer.held);
	buf_free(&d.bytes);
	buf_free(&d.text);
	if (result < 0)
		return -1;
	p->decoded = (struct text){ NULL, to, begin, to->size - begin };
	p->is_decoded = true;
	return 0;
}

static bool is_html(const struct part *p)
{
	return is_text(p) && strcmp(p->subtype, "html") == 0;
}

/* Reads what it writes behind: the spool grows, and what stands in it stays. */
static int make_plain(struct message *message, struct part *p, struct fault *why)
{
	struct spool *to = &message->parts->decoded;
	struct html html = { 0 };
	AUTO_BUF room = { 0 };
	AUTO_BUF text = { 0 };
	uint64_t begin = to->size;
	uint64_t at = 0;
	size_t got;

	buf_reserve(&room, PIECE);
	do {
		if (text_read(&p->decoded, at, room.ptr, PIECE, &got, why) < 0)
			return -1;
		at += got;
		buf_clear(&text);
		html_feed(&html, slice_of(room.ptr, got), &text);
		if (got == 0)
			html_finish(&html, &text);
		if (spool_add(to, buf_slice(&text), why) < 0)
			return -1;
	} while (got > 0);
	p->plain = (struct text){ NULL, to, begin, to->size - begin };
	p->is_plain = true;
	return 0;
}

int text_of_part(struct message *message, size_t part, enum text_form form, struct text *out,
	struct fault *why)
{
	struct parts *parts = parts_of(message, why);
	struct part *p;

	if (!parts)
		return -1;
	p = &parts->at[part];
	if (!p->is_decoded && make_decoded(message, p, why) < 0)
		return -1;
	*out = p->decoded;
	if (form == TEXT_DECODED || !is_html(p))
		return 0;
	if (!p->is_plain && make_plain(message, p, why) < 0)
		return -1;
	*out = p->plain;
	return 0;
}
