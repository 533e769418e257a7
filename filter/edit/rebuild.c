/*
 * Another message put together: see rebuild.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/edit/rebuild.h"

enum { CHUNK = 65536 };

void rebuild_start(struct rebuild *b, struct run *run)
{
	struct slice header = run->message->header;
	ptrdiff_t lf = slice_find_byte(header, '\n');

	*b = (struct rebuild){ .run = run, .out = SPOOL_NONE,
		.crlf = lf > 0 && header.ptr[lf - 1] == '\r' };
}

void rebuild_free(struct rebuild *b)
{
	spool_free(&b->out);
}

static int put_bytes(struct rebuild *b, struct slice bytes)
{
	struct fault why;

	return spool_add(&b->out, bytes, &why) < 0 ? run_fail(b->run, "%s", why.text) : 0;
}

int rebuild_text(struct rebuild *b, struct slice text)
{
	AUTO_BUF lines = { 0 };

	if (!b->crlf)
		return put_bytes(b, text);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n')
			buf_add_byte(&lines, '\r');
		buf_add_byte(&lines, text.ptr[i]);
	}
	return put_bytes(b, buf_slice(&lines));
}

int rebuild_copy(struct rebuild *b, uint64_t from, uint64_t to)
{
	AUTO_BUF room = { 0 };
	struct fault why;

	buf_reserve(&room, CHUNK);
	while (from < to) {
		size_t len = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
		size_t got;

		if (message_read(b->run->message, from, room.ptr, len, &got, &why) < 0)
			return run_fail(b->run, "%s", why.text);
		if (got == 0)
			break;
		if (put_bytes(b, slice_of(room.ptr, got)) < 0)
			return -1;
		from += got;
	}
	return 0;
}

bool rebuild_is_content(struct slice name)
{
	return slice_starts_case(name, "content-") || slice_is_case(name, "mime-version");
}

/* A line that stands as it does; the last one of a header may have no end. */
static int put_line(struct rebuild *b, struct slice line)
{
	if (line.len == 0 || put_bytes(b, line) < 0)
		return line.len == 0 ? 0 : -1;
	return line.ptr[line.len - 1] == '\n' ? 0 : rebuild_text(b, SLICE("\n"));
}

static int put_field(struct rebuild *b, const struct field *f, const struct buf *subject,
	const struct buf *from)
{
	if ((subject && slice_is_case(f->name, "subject")) ||
		(from && slice_is_case(f->name, "from"))) {
		if (rebuild_text(b, SLICE("Original-")) < 0)
			return -1;
		b->run->versions->has_originals = true;
	}
	return rebuild_is_content(f->name) ? 0 : put_line(b, f->raw);
}

int rebuild_fields(struct rebuild *b, struct slice header, const struct buf *subject,
	const struct buf *from)
{
	struct slice rest = header;
	const char *behind = header.ptr; /* the last field */
	struct field f;

	while (header_next(&rest, &f) == 1) {
		/* What is no field stays where it stands. */
		if (put_line(b, slice_of(behind, (size_t)(f.raw.ptr - behind))) < 0 ||
			put_field(b, &f, subject, from) < 0)
			return -1;
		behind = f.raw.ptr + f.raw.len;
	}
	if ((from && rebuild_text(b, buf_slice(from)) < 0) ||
		(subject && rebuild_text(b, buf_slice(subject)) < 0))
		return -1;
	return 0;
}

static int finish(struct rebuild *b, int got)
{
	if (got == 0)
		return run_fail(b->run, "what the message would become is none, or its header is "
			"longer than 1 MiB");
	return got < 0 ? -1 : 0;
}

int rebuild_finish(struct rebuild *b)
{
	return finish(b, edit_replace(b->run, &b->out));
}

int rebuild_enclose(struct rebuild *b)
{
	return finish(b, edit_enclose(b->run, &b->out));
}
