/*
 * Changing the message: see edit.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/edit/edit.h"

#include <assert.h>

/* Somebody acts on the current state, or walks in it: it must stay. */
static bool is_used(const struct run *run)
{
	const struct outcome *both[] = { run->outcome, run->before };
	const unsigned current = run->versions->current;

	if (run->versions->list[current - 1]->pinned)
		return true;
	for (size_t k = 0; k < 2; k++) {
		const struct outcome *o = both[k];

		if (!o)
			continue;
		/* The state in which a file found the message is what its error keeps. */
		if (o->version == current || (o->kept && o->keep.version == current))
			return true;
		for (size_t i = 0; i < o->count; i++) {
			if (o->actions[i].version == current)
				return true;
		}
	}
	return false;
}

/* A new state with the current body, its header still empty. */
static struct version *start(struct run *run)
{
	struct version *one = mem_zero(1, sizeof(*one));
	const struct message *now = run->message;

	one->spool = (struct spool)SPOOL_NONE;
	one->message = (struct message){ .frame = now->frame, .spool = now->spool,
		.lacks = now->lacks, .body_at = now->body_at, .cut = now->cut };
	buf_reserve(&one->header, now->header.len);
	if (run->versions->current > 0) {
		one->enclosed = run->versions->list[run->versions->current - 1]->enclosed;
		one->plain = run->versions->list[run->versions->current - 1]->plain;
	}
	return one;
}

/* Takes the place of the last state when that is nobody's any more, its body with it. */
static void replace_last(struct versions *v, struct version *one)
{
	struct version *old = v->list[v->count - 1];

	if (one->message.spool == &old->spool) {
		one->spool = old->spool;
		old->spool = (struct spool)SPOOL_NONE;
		one->message.spool = &one->spool;
	}
	version_free(old);
	v->list[v->count - 1] = one;
}

/* The state is complete, and is the current one; it is taken, or freed. */
static int commit(struct run *run, struct version *one)
{
	struct versions *v = run->versions;

	one->message.header = buf_slice(&one->header);
	one->message.header_size = one->header.len;
	if (v->current > 0 && v->current == v->count && !is_used(run)) {
		replace_last(v, one);
	} else if (v->count == VERSIONS_MAX) {
		version_free(one);
		return run_fail(run, "the message was changed too often, at most %d times",
			VERSIONS_MAX);
	} else {
		v->list = mem_grow(v->list, v->count + 1, sizeof(struct version *));
		v->list[v->count++] = one;
	}
	v->current = (unsigned)v->count;
	run->message = &one->message;
	return 0;
}

/* Another header, the same body. */
static int commit_header(struct run *run, struct version *one)
{
	const struct message *old = run->message;
	uint64_t body = old->size > old->header_size ? old->size - old->header_size : 0;

	/* Lines that are no field may stand in a header, but not begin it (common/mail/header). */
	if (!one->message.cut &&
		header_length(buf_slice(&one->header), true) != (ptrdiff_t)one->header.len) {
		version_free(one);
		return run_fail(run, "the header that is left begins with no field");
	}
	one->message.size = body + one->header.len;
	return commit(run, one);
}

static bool can_edit(struct run *run)
{
	return run->versions || run_fail(run, "the message cannot be changed here") == 0;
}

/* Line ends of a message: those of its first line. */
static bool has_crlf(struct slice header)
{
	ptrdiff_t lf = slice_find_byte(header, '\n');

	return lf > 0 && header.ptr[lf - 1] == '\r';
}

static void put_line_end(struct buf *out, bool crlf)
{
	buf_add_text(out, crlf ? "\r\n" : "\n");
}

static void put_lines(struct buf *out, struct slice field, bool crlf)
{
	for (size_t i = 0; i < field.len; i++) {
		if (field.ptr[i] == '\n')
			put_line_end(out, crlf);
		else
			buf_add_byte(out, field.ptr[i]);
	}
	put_line_end(out, crlf);
}

/*
 * Length of the header without the empty line at its end; *open: there is none. Of that only
 * the CR may have come: a line end behind it would make it one.
 */
static size_t before_end(struct slice header, bool *open)
{
	size_t len = header.len;

	*open = len == 0 || header.ptr[len - 1] != '\n';
	if (!*open)
		len--;
	while (len > 0 && header.ptr[len - 1] == '\r')
		len--;
	if (len == 0 || header.ptr[len - 1] == '\n')
		return len;
	*open = true;
	return header.len;
}

/* Length of what stands before the first field: From_ lines, for header_length lets no other
 * line begin a header. */
static size_t from_lines(struct slice header)
{
	struct slice rest = header;
	struct field first;
	bool open;

	if (header_next(&rest, &first) == 1)
		return (size_t)(first.raw.ptr - header.ptr);
	return before_end(header, &open);
}

static int add_on_top(struct run *run, struct slice field)
{
	struct slice old = run->message->header;
	struct version *one = start(run);
	size_t at = from_lines(old);
	bool crlf = has_crlf(old);

	buf_add_slice(&one->header, slice_first(old, at));
	put_lines(&one->header, field, crlf);
	/* A message that is all body gets a header, hence the empty line behind it. */
	if (at == old.len)
		put_line_end(&one->header, crlf);
	buf_add_slice(&one->header, slice_from(old, at));
	return commit_header(run, one);
}

static int add_at_end(struct run *run, struct slice field)
{
	struct slice old = run->message->header;
	struct version *one = start(run);
	bool crlf = has_crlf(old);
	bool open;
	size_t at = before_end(old, &open);

	buf_add_slice(&one->header, slice_first(old, at));
	/* Only the header of a message without a body may end without a line end. */
	if (at > 0 && old.ptr[at - 1] != '\n')
		put_line_end(&one->header, crlf);
	put_lines(&one->header, field, crlf);
	if (open && from_lines(old) == old.len)
		put_line_end(&one->header, crlf);
	buf_add_slice(&one->header, slice_from(old, at));
	return commit_header(run, one);
}

int edit_add_field(struct run *run, struct slice field, bool last)
{
	if (!can_edit(run))
		return -1;
	if (last && run->message->cut)
		return 0;
	run->versions->added += field.len;
	if (run->versions->added > EDIT_ADDED_MAX)
		return run_fail(run, "more than 1 MiB of fields was added to the message");
	return last ? add_at_end(run, field) : add_on_top(run, field);
}

static bool reaches_end(const struct message *m, size_t field)
{
	struct slice bytes = message_field_bytes(m, field);

	return bytes.ptr + bytes.len == m->header.ptr + m->header.len;
}

int edit_remove_fields(struct run *run, const size_t *fields, size_t count)
{
	const struct message *now = run->message;
	struct slice old = now->header;
	struct version *one;
	size_t at = 0;

	if (!can_edit(run))
		return -1;
	/* The last field that is seen may go on beyond. */
	if (count > 0 && now->cut && reaches_end(now, fields[count - 1]))
		count--;
	if (count == 0)
		return 0;
	one = start(run);
	for (size_t i = 0; i < count; i++) {
		struct slice bytes = message_field_bytes(now, fields[i]);
		size_t from = (size_t)(bytes.ptr - old.ptr);

		buf_add(&one->header, old.ptr + at, from - at);
		at = from + bytes.len;
	}
	buf_add_slice(&one->header, slice_from(old, at));
	return commit_header(run, one);
}

/* 1*field empty, all of it within what rules see. */
static size_t message_header(const struct spool *whole)
{
	struct slice start = buf_slice(&whole->memory);
	ptrdiff_t len = header_length(start, whole->size == start.len);
	struct slice header;
	struct field first;
	bool open;

	if (len <= 0)
		return 0;
	header = slice_first(start, (size_t)len);
	before_end(header, &open);
	return !open && header_next(&header, &first) == 1 ? (size_t)len : 0;
}

int edit_replace(struct run *run, struct spool *whole)
{
	AUTO_SPOOL bytes = *whole;
	struct version *one;
	size_t len;

	static_assert((int)SPOOL_MEMORY >= (int)MESSAGE_HEADER_MAX, "a header lies in memory");
	*whole = (struct spool)SPOOL_NONE;
	if (!can_edit(run))
		return -1;
	len = message_header(&bytes);
	if (len == 0)
		return 0;
	run->versions->replaced += bytes.size;
	if (run->versions->replaced >
		EDIT_REPLACED_MAX + EDIT_REPLACED_TIMES * run->versions->original->size)
		return run_fail(run, "the message was replaced too often for its size");
	one = start(run);
	buf_add_slice(&one->header, slice_first(buf_slice(&bytes.memory), len));
	one->spool = bytes;
	bytes = (struct spool)SPOOL_NONE;
	one->message.spool = &one->spool;
	one->message.size = one->spool.size;
	one->message.body_at = len;
	one->message.cut = false;
	one->enclosed = false;
	return commit(run, one) < 0 ? -1 : 1;
}

int edit_enclose(struct run *run, struct spool *whole)
{
	struct versions *v = run->versions;
	unsigned plain;
	int got;

	if (!can_edit(run))
		return -1;
	plain = versions_plain(v);
	if (plain > 0)
		v->list[plain - 1]->pinned = true;
	got = edit_replace(run, whole);
	if (got == 1) {
		v->list[v->current - 1]->enclosed = true;
		v->list[v->current - 1]->plain = plain;
	}
	return got;
}
