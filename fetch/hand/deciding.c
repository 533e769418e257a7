/*
 * Questions of one source to the rules: see deciding.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/deciding.h"

#include "common/base/clock.h"
#include "common/mail/header.h"
#include "common/mail/ledger/source.h"
#include "fetch/hand/prefilter.h"
#include "fetch/source.h"

/* LIMIT: so much of a Message-ID is remembered. */
enum { ID_MAX = 1000 };

static void free_rows(struct deciding *d, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		free(d->rows[i].id);
		free(d->rows[i].folder);
		free(d->rows[i].rule);
		buf_free(&d->rows[i].message_id);
	}
}

void deciding_free(struct deciding *d)
{
	free_rows(d, 0, d->count);
	free(d->rows);
	*d = (struct deciding){ 0 };
}

static void add_row(struct deciding *d, const struct frame *frame, struct slice header)
{
	struct deciding_row row = { .id = mem_text(buf_text(&frame->id)),
		.folder = mem_text(buf_text(&frame->folder)) };
	struct field field;

	if (header_find(header, "Message-ID", &field))
		header_unfold(field.body, &row.message_id);
	if (row.message_id.len > ID_MAX)
		buf_cut(&row.message_id, ID_MAX);
	if (d->count == d->room) {
		d->room = d->room ? 2 * d->room : 64;
		d->rows = mem_grow(d->rows, d->room, sizeof(*d->rows));
	}
	d->rows[d->count++] = row;
}

/* As the message will begin in the stream: see letter.c. */
static void put_header(const struct source *s, const struct frame *frame, struct slice header,
	struct buf *out)
{
	const struct account *a = s->account;
	const struct trace_way way = { .protocol = a->protocol == ACCOUNT_IMAP ? "IMAP4" : "POP3",
		.server = &a->server, .now = clock_wall() };

	if (trace_wanted(&a->trace))
		trace_put(&a->trace, &way, frame, slice_find(header, SLICE("\r\n")) >= 0, out);
	buf_add_slice(out, header);
}

bool deciding_ask(struct source *s, struct frame *frame, struct slice header, uint64_t size,
	uint64_t key)
{
	struct fault ignored;
	AUTO_BUF text = { 0 };
	ptrdiff_t length;

	if (header.len >= DECIDING_HEADER_MAX)
		return false;
	length = header_length(header, true);
	if (length <= 0)
		return false;
	header = slice_first(header, (size_t)length);
	if (multidrop_take(&s->account->multidrop, header, frame, &ignored) < 0)
		return false;
	put_header(s, frame, header, &text);
	add_row(&s->deciding, frame, header);
	prefilter_ask(s->prefilter, s, frame, buf_slice(&text), size, key);
	return true;
}

void deciding_answered(struct source *s, const char *rule)
{
	struct deciding *d = &s->deciding;
	size_t at = d->discarded;

	if (rule) {
		d->rows[at].rule = mem_text(rule);
		d->discarded++;
		return;
	}
	free_rows(d, at, at + 1);
	d->count--;
	memmove(&d->rows[at], &d->rows[at + 1], (d->count - at) * sizeof(*d->rows));
}

bool deciding_waits(const struct source *s)
{
	return s->deciding.count > s->deciding.discarded;
}

void deciding_forget(struct source *s)
{
	struct deciding *d = &s->deciding;

	if (!s->prefilter)
		return;
	prefilter_forget(s->prefilter, s);
	free_rows(d, d->discarded, d->count);
	d->count = d->discarded;
}

int deciding_write(struct source *s, struct fault *why)
{
	int64_t now = clock_wall();

	for (size_t i = 0; i < s->deciding.discarded; i++) {
		const struct deciding_row *row = &s->deciding.rows[i];

		if (source_log_discard(s->ledger, now, slice_text(row->id),
			    buf_slice(&row->message_id), s->account->name, row->folder, row->rule,
			    why) < 0)
			return -1;
	}
	return 0;
}

void deciding_written(struct source *s)
{
	struct deciding *d = &s->deciding;

	free_rows(d, 0, d->discarded);
	d->count -= d->discarded;
	if (d->count)
		memmove(d->rows, &d->rows[d->discarded], d->count * sizeof(*d->rows));
	d->discarded = 0;
}
