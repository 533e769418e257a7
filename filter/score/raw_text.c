/*
 * A message as procmail's regular expressions see it: see raw_text.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/score/raw_text.h"

#include "common/mail/lineend.h"

enum { PIECE = 64 << 10 };

/* Procmail writes a blank over the line end of a fold, and leaves what stands behind it. */
static void raw_header(const struct message *m, struct buf *out)
{
	struct slice h = m->header;

	buf_reserve(out, h.len);
	for (size_t i = 0; i < h.len; i++) {
		size_t end = i + (h.ptr[i] == '\r' && i + 1 < h.len && h.ptr[i + 1] == '\n');

		if (h.ptr[end] != '\n') {
			buf_add_byte(out, h.ptr[i]);
			continue;
		}
		i = end;
		if (i + 1 < h.len && (h.ptr[i + 1] == ' ' || h.ptr[i + 1] == '\t'))
			buf_add_byte(out, ' ');
		else
			buf_add_byte(out, '\n');
	}
}

static int each_of_body(struct run *run, int (*visit)(void *context, struct slice bytes),
	void *context)
{
	AUTO_FREE char *room = mem_get(PIECE);
	uint64_t at = run->message->header_size;
	struct fault why;
	size_t got = 1;
	int result = 0;

	while (got > 0 && result == 0) {
		if (message_read(run->message, at, room, PIECE, &got, &why) < 0)
			return run_fail(run, "%s", why.text);
		at += got;
		if (got > 0)
			result = visit(context, slice_of(room, got));
	}
	return result;
}

int raw_text_each(struct run *run, unsigned parts, int (*visit)(void *context, struct slice bytes),
	void *context)
{
	AUTO_BUF header = { 0 };
	int result = 0;

	if (parts & RAW_BODY && !run->message->spool)
		return run_fail(run, "\"raw\" needs more than the header");
	if (parts & RAW_HEADER) {
		raw_header(run->message, &header);
		result = visit(context, buf_slice(&header));
	}
	if (result == 0 && parts & RAW_BODY)
		result = each_of_body(run, visit, context);
	return result;
}

struct collect {
	struct buf *out;
	struct lineend ends;
	size_t limit;
};

static int collect(void *context, struct slice bytes)
{
	struct collect *c = context;

	lineend_to_lf(&c->ends, bytes, c->out);
	return c->out->len > c->limit;
}

int raw_text(struct run *run, unsigned parts, size_t limit, struct buf *out)
{
	struct collect c = { .out = out, .limit = limit };
	int got = raw_text_each(run, parts, collect, &c);

	if (got > 0)
		return run_fail(run, "more than %zu bytes to look through", limit);
	lineend_finish(&c.ends, out);
	return got;
}
