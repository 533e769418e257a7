/*
 * RFC 2046 section 5.1.1: see mime.h. This file splits lines and finds the boundaries.
 *
 *	boundary-line = [ line-end ] "--" boundary [ "--" ] *OCTET line-end
 *
 * The line end before a boundary belongs to it: each is held back until the line behind it
 * is known to be none.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/mime.h"

#include <stdlib.h>

#include "common/mail/mime_tree.h"

enum where {
	WHERE_START,    /* held: a line end, then what came of a line that may be a boundary */
	WHERE_MIDDLE,   /* held: nothing, or a CR that may belong to the line end */
	WHERE_BOUNDARY, /* behind a boundary, in its line */
};

struct mime {
	struct mime_tree tree;
	enum where where;
	struct buf held;
	size_t line_end; /* how much of `held` is the line end */
};

/* All that is held is content. */
static void release(struct mime *m)
{
	struct slice held = buf_slice(&m->held);

	/* The line end by itself: it may end a header. */
	mime_tree_content(&m->tree, slice_first(held, m->line_end));
	mime_tree_content(&m->tree, slice_from(held, m->line_end));
	buf_clear(&m->held);
	m->line_end = 0;
}

/* A line ended with the last `end` bytes held. An empty line ends a header at once. */
static void line_ended(struct mime *m, size_t end)
{
	m->where = WHERE_START;
	m->line_end = end;
	if (mime_tree_in_empty_line(&m->tree))
		release(m);
}

/* Content, but for a line end or CR at its end, which is held. */
static void pass(struct mime *m, struct slice text)
{
	bool ended = text.len > 0 && text.ptr[text.len - 1] == '\n';
	size_t end = ended ? 1 : 0;

	if (text.len > end && text.ptr[text.len - end - 1] == '\r')
		end++;
	mime_tree_content(&m->tree, slice_first(text, text.len - end));
	buf_add_slice(&m->held, slice_from(text, text.len - end));
	m->where = WHERE_MIDDLE;
	if (ended)
		line_ended(m, end);
}

/* Up to a line end: a header's next one, a body's next that "-" follows or nothing yet. */
static size_t run_length(const struct mime *m, struct slice bytes)
{
	bool body = mime_tree_in_body(&m->tree);
	size_t len = 0;

	for (;;) {
		ptrdiff_t at = slice_find_byte(slice_from(bytes, len), '\n');

		if (at < 0)
			return bytes.len;
		len += (size_t)at + 1;
		if (!body || len == bytes.len || bytes.ptr[len] == '-')
			return len;
	}
}

/* Takes bytes up to the line's end, and lines behind it that are no boundaries. */
static void middle(struct mime *m, struct slice *bytes)
{
	size_t len;

	if (m->held.len > 0 && bytes->ptr[0] == '\n') {
		buf_add_byte(&m->held, '\n');
		slice_skip(bytes, 1);
		line_ended(m, 2);
		return;
	}
	release(m);
	if (mime_tree_in_body(&m->tree) && m->tree.longest == 0) {
		mime_tree_content(&m->tree, *bytes);
		slice_skip(bytes, bytes->len);
		return;
	}
	len = run_length(m, *bytes);
	pass(m, slice_first(*bytes, len));
	slice_skip(bytes, len);
}

/* Enough of the line has come to say whether it is a boundary. */
static void decide(struct mime *m)
{
	AUTO_BUF line = { 0 };
	size_t which;
	bool close;

	buf_add_slice(&line, slice_from(buf_slice(&m->held), m->line_end));
	if (mime_tree_boundary(&m->tree, buf_slice(&line), &which, &close)) {
		mime_tree_cross(&m->tree, which, close);
		m->tree.at += m->held.len;
		buf_clear(&m->held);
		m->line_end = 0;
		m->where = line.ptr[line.len - 1] == '\n' ? WHERE_START : WHERE_BOUNDARY;
		return;
	}
	buf_cut(&m->held, m->line_end);
	release(m);
	pass(m, buf_slice(&line));
}

/* Takes bytes as long as the line may be a boundary. */
static void start(struct mime *m, struct slice *bytes)
{
	size_t had = m->held.len - m->line_end;
	size_t most = 2 + m->tree.longest + 2;
	struct slice more;
	ptrdiff_t at;

	if (m->tree.longest == 0 || (had < 2 && bytes->ptr[0] != '-')) {
		release(m);
		m->where = WHERE_MIDDLE;
		return;
	}
	more = slice_first(*bytes, had < 2 ? 1 : most - had);
	at = slice_find_byte(more, '\n');
	if (at >= 0)
		more.len = (size_t)at + 1;
	buf_add_slice(&m->held, more);
	slice_skip(bytes, more.len);
	if (at >= 0 || had + more.len == most)
		decide(m);
}

static void behind_boundary(struct mime *m, struct slice *bytes)
{
	ptrdiff_t at = slice_find_byte(*bytes, '\n');
	size_t len = at < 0 ? bytes->len : (size_t)at + 1;

	slice_skip(bytes, len);
	m->tree.at += len;
	if (at >= 0)
		m->where = WHERE_START;
}

struct mime *mime_new(const struct mime_events *events, void *context, bool to_utf8)
{
	struct mime *m = mem_zero(1, sizeof(*m));

	m->tree.events = events;
	m->tree.context = context;
	m->tree.to_utf8 = to_utf8;
	mime_tree_begin(&m->tree);
	return m;
}

void mime_feed(struct mime *m, struct slice bytes)
{
	while (bytes.len > 0) {
		if (m->where == WHERE_MIDDLE)
			middle(m, &bytes);
		else if (m->where == WHERE_START)
			start(m, &bytes);
		else
			behind_boundary(m, &bytes);
	}
}

void mime_finish(struct mime *m)
{
	if (m->where == WHERE_START && m->held.len - m->line_end > 2)
		decide(m);
	release(m);
	mime_tree_end(&m->tree);
}

void mime_free(struct mime *m)
{
	if (!m)
		return;
	mime_tree_free(&m->tree);
	buf_free(&m->held);
	free(m);
}

void mime_free_at(struct mime **m)
{
	mime_free(*m);
	*m = NULL;
}

bool mime_limited(const struct mime *m)
{
	return m->tree.limited;
}
