/*
 * RFC 2046 section 5: see mime_tree.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/mime_tree.h"

#include <stdlib.h>

#include "common/mail/charset.h"
#include "common/mail/header.h"
#include "common/mail/mime_part.h"

enum state { STATE_HEADER, STATE_REST, STATE_BODY };

struct mime_node {
	struct mime_part part;
	struct mime_facts facts;
	enum state state;
	bool in_digest;
	struct buf header;
	struct header_scan scan;
	bool rest_text; /* the line of an overlong header that is passed over is not empty */
	bool closed;    /* its last boundary came */
	enum mime_place place;
	struct transfer transfer;
	struct charset *charset; /* NULL: bytes as they are */
};

/* LIMIT: bytes that are decoded at once, which bounds the buffers. */
enum { PIECE_MAX = 1 << 16 };

static struct mime_node *top(const struct mime_tree *t)
{
	return t->open[t->count - 1];
}

static void find_longest(struct mime_tree *t)
{
	t->longest = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct mime_node *n = t->open[i];

		if (n->part.is_multipart && !n->closed && n->part.boundary.len > t->longest)
			t->longest = n->part.boundary.len;
	}
}

static void push(struct mime_tree *t)
{
	struct mime_node *n = mem_zero(1, sizeof(*n));

	if (t->count > 0) {
		const struct mime_node *parent = top(t);

		n->part.parent = &parent->part;
		n->part.depth = parent->part.depth + 1;
		n->in_digest = parent->part.is_multipart &&
			       slice_is(parent->part.subtype, "digest");
	}
	n->part.number = t->parts++;
	t->open[t->count++] = n;
}

/* ---- bodies ---- */

static void give_decoded(struct mime_tree *t, struct mime_node *n, struct slice bytes)
{
	if (bytes.len > 0)
		t->events->decoded(t->context, &n->part, n->place, bytes);
}

static void decode(struct mime_tree *t, struct mime_node *n, struct slice piece)
{
	if (n->transfer.kind != TRANSFER_IDENTITY) {
		buf_clear(&t->bytes);
		transfer_decode(&n->transfer, piece, &t->bytes);
		piece = buf_slice(&t->bytes);
	}
	if (n->charset) {
		buf_clear(&t->text);
		charset_feed(n->charset, piece, &t->text);
		piece = buf_slice(&t->text);
	}
	give_decoded(t, n, piece);
}

static void body_content(struct mime_tree *t, struct mime_node *n, struct slice bytes)
{
	while (bytes.len > 0) {
		struct slice piece = slice_first(bytes, PIECE_MAX);

		if (t->events->raw)
			t->events->raw(t->context, &n->part, n->place, piece);
		if (t->events->decoded)
			decode(t, n, piece);
		slice_skip(&bytes, piece.len);
	}
}

static void end_body(struct mime_tree *t, struct mime_node *n)
{
	buf_clear(&t->bytes);
	transfer_finish(&n->transfer, &t->bytes);
	if (!t->events->decoded)
		return;
	if (n->charset) {
		buf_clear(&t->text);
		charset_feed(n->charset, buf_slice(&t->bytes), &t->text);
		charset_finish(n->charset, &t->text);
		give_decoded(t, n, buf_slice(&t->text));
	} else {
		give_decoded(t, n, buf_slice(&t->bytes));
	}
}

/* ---- headers ---- */

/* What kind of part it is: a multipart, a message, or a leaf with its decoders. */
static void choose_kind(struct mime_tree *t, struct mime_node *n)
{
	struct mime_part *p = &n->part;
	bool multipart = slice_is(p->type, "multipart");
	bool message = slice_is(p->type, "message") &&
		       (slice_is(p->subtype, "rfc822") || slice_is(p->subtype, "global")) &&
		       n->facts.encoding == TRANSFER_IDENTITY && !p->header_only;
	bool room = p->depth < MIME_DEPTH_MAX && t->parts < MIME_PARTS_MAX;

	t->limited |= (multipart || message) && !room;
	p->is_multipart = multipart && room && p->boundary.len > 0;
	p->is_message = message && room;
	if (p->is_multipart)
		n->place = MIME_PROLOGUE;
	else if (!multipart)
		n->transfer.kind = n->facts.encoding;
	if (t->to_utf8 && slice_is(p->type, "text")) {
		n->charset = charset_open(p->charset);
		if (!n->charset)
			n->charset = charset_open(SLICE("us-ascii"));
	}
}

static void content(struct mime_tree *t, uint64_t at, struct slice bytes);

static void begin_body(struct mime_tree *t, struct mime_node *n, struct slice header,
	bool header_only, uint64_t body_at)
{
	mime_facts_read(header, n->in_digest, &n->facts);
	n->part.type = buf_slice(&n->facts.type);
	n->part.subtype = buf_slice(&n->facts.subtype);
	n->part.charset = buf_slice(&n->facts.charset);
	n->part.boundary = buf_slice(&n->facts.boundary);
	n->part.disposition = buf_slice(&n->facts.disposition);
	n->part.filename = buf_slice(&n->facts.filename);
	n->part.header_only = header_only;
	n->part.body_at = body_at;
	n->part.encoding = n->facts.encoding;
	n->part.encoding_unknown = n->facts.encoding_unknown;
	n->state = STATE_BODY;
	choose_kind(t, n);
	n->part.header = header;
	if (t->events->begin)
		t->events->begin(t->context, &n->part);
	n->part.header = SLICE("");
	find_longest(t);
	if (n->part.is_message)
		push(t);
}

/* The header takes the first `length` bytes of what was gathered; the rest is body. */
static void end_header(struct mime_tree *t, struct mime_node *n, size_t length, bool header_only,
	uint64_t body_at)
{
	AUTO_BUF whole = { 0 };

	buf_swap(&whole, &n->header);
	begin_body(t, n, slice_first(buf_slice(&whole), length), header_only, body_at);
	content(t, body_at, slice_from(buf_slice(&whole), length));
}

static bool at_line_start(struct slice header)
{
	while (header.len > 0 && header.ptr[header.len - 1] == '\r')
		header.len--;
	return header.len == 0 || header.ptr[header.len - 1] == '\n';
}

/* Each takes what it can off *bytes, which stand at that place of the message. */
static void header_content(struct mime_tree *t, struct mime_node *n, uint64_t at,
	struct slice *bytes)
{
	struct slice more = slice_first(*bytes, MIME_HEADER_MAX - n->header.len);
	ptrdiff_t length;

	if (n->header.len == 0)
		n->part.header_at = at;
	buf_add_slice(&n->header, more);
	slice_skip(bytes, more.len);
	length = header_scan(&n->scan, buf_slice(&n->header), false);
	if (length >= 0) {
		end_header(t, n, (size_t)length, false, n->part.header_at + (uint64_t)length);
	} else if (n->header.len == MIME_HEADER_MAX) {
		t->limited = true;
		n->state = STATE_REST;
		n->rest_text = !at_line_start(buf_slice(&n->header));
	}
}

static void rest_content(struct mime_tree *t, struct mime_node *n, uint64_t at,
	struct slice *bytes)
{
	while (bytes->len > 0) {
		char c = bytes->ptr[0];

		slice_skip(bytes, 1);
		at++;
		if (c == '\n' && !n->rest_text) {
			end_header(t, n, n->header.len, false, at);
			return;
		}
		if (c != '\r')
			n->rest_text = c != '\n';
	}
}

static void content(struct mime_tree *t, uint64_t at, struct slice bytes)
{
	while (bytes.len > 0) {
		struct mime_node *n = top(t);
		size_t had = bytes.len;

		if (n->state == STATE_BODY) {
			body_content(t, n, bytes);
			return;
		}
		if (n->state == STATE_HEADER)
			header_content(t, n, at, &bytes);
		else
			rest_content(t, n, at, &bytes);
		at += had - bytes.len;
	}
}

void mime_tree_content(struct mime_tree *t, struct slice bytes)
{
	content(t, t->at, bytes);
	t->at += bytes.len;
}

/* A header that the part's end cuts short. */
static void break_header(struct mime_tree *t, struct mime_node *n)
{
	ptrdiff_t length = header_scan(&n->scan, buf_slice(&n->header), true);

	if (n->header.len == 0)
		n->part.header_at = t->at;
	if (n->state == STATE_HEADER && length == 0 && n->header.len > 0)
		end_header(t, n, 0, false, n->part.header_at);
	else
		end_header(t, n, n->header.len, true, t->at);
}

/* Ends the innermost part, unless its header turns out to hold another: ask again. */
static void pop(struct mime_tree *t)
{
	struct mime_node *n = top(t);

	if (n->state != STATE_BODY) {
		break_header(t, n);
		if (top(t) != n)
			return;
	}
	end_body(t, n);
	n->part.end_at = t->at;
	if (t->events->end)
		t->events->end(t->context, &n->part);
	t->count--;
	charset_close(n->charset);
	mime_facts_free(&n->facts);
	buf_free(&n->header);
	free(n);
	find_longest(t);
}

void mime_tree_begin(struct mime_tree *t)
{
	push(t);
}

bool mime_tree_in_body(const struct mime_tree *t)
{
	return top(t)->state == STATE_BODY;
}

bool mime_tree_in_empty_line(const struct mime_tree *t)
{
	const struct mime_node *n = top(t);

	if (n->state == STATE_REST)
		return !n->rest_text;
	return n->state == STATE_HEADER && at_line_start(buf_slice(&n->header));
}

bool mime_tree_boundary(const struct mime_tree *t, struct slice line, size_t *which, bool *close)
{
	size_t best = 0;

	if (!slice_starts(line, "--"))
		return false;
	slice_skip(&line, 2);
	/* RFC 2046 section 5.1.1: the line may go on; of two the longer one, then the inner. */
	for (size_t i = t->count; i-- > 0;) {
		const struct mime_node *n = t->open[i];
		struct slice boundary = n->part.boundary;

		if (!n->part.is_multipart || n->closed || boundary.len > line.len ||
		    boundary.len <= best || memcmp(boundary.ptr, line.ptr, boundary.len) != 0)
			continue;
		best = boundary.len;
		*which = i;
	}
	if (best == 0)
		return false;
	*close = slice_starts(slice_from(line, best), "--");
	return true;
}

void mime_tree_cross(struct mime_tree *t, size_t which, bool close)
{
	struct mime_node *n = t->open[which];

	while (t->count - 1 > which)
		pop(t);
	if (!close && t->parts < MIME_PARTS_MAX) {
		push(t);
		return;
	}
	t->limited |= !close;
	n->closed = true;
	n->place = MIME_EPILOGUE;
	find_longest(t);
}

void mime_tree_end(struct mime_tree *t)
{
	while (t->count > 0)
		pop(t);
}

void mime_tree_free(struct mime_tree *t)
{
	static const struct mime_events none = { 0 };

	t->events = &none;
	mime_tree_end(t);
	buf_free(&t->bytes);
	buf_free(&t->text);
}
