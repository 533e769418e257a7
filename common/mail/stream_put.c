/*
 * mailrail-stream(5): writing.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/stream.h"

static void put_field(struct buf *out, const char *name, struct slice value)
{
	buf_add_text(out, name);
	buf_add_text(out, ": ");
	stream_encode(out, value, false);
	buf_add_byte(out, '\n');
}

static void put_known(struct buf *out, const char *name, const struct buf *value)
{
	if (value->len > 0)
		put_field(out, name, buf_slice(value));
}

static void put_others(struct buf *out, const struct strings *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		buf_add_text(out, lines->at[i]);
		buf_add_byte(out, '\n');
	}
}

void stream_put_preamble(struct buf *out, const struct preamble *p)
{
	buf_add_text(out, STREAM_MAGIC);
	put_known(out, "program", &p->program);
	if (p->way == RECEIPTS_STDOUT)
		buf_add_text(out, "receipts: stdout\n");
	if (p->way == RECEIPTS_UNIX) {
		buf_add_text(out, "receipts: unix ");
		stream_encode(out, buf_slice(&p->path), true);
		buf_add_byte(out, ' ');
		stream_encode(out, buf_slice(&p->nonce), true);
		buf_add_byte(out, '\n');
	}
	put_others(out, &p->others);
	buf_add_byte(out, '\n');
}

static void put_actions(struct buf *out, const struct frame *f)
{
	buf_addf(out, "actions: %zu\n", f->action_count);
	for (size_t i = 0; i < f->action_count; i++) {
		buf_add_text(out, "action: ");
		stream_encode(out, slice_text(f->actions[i].rule), true);
		buf_add_byte(out, ' ');
		stream_encode(out, slice_text(f->actions[i].command), false);
		buf_add_byte(out, '\n');
	}
}

void stream_put_frame(struct buf *out, const struct frame *f)
{
	buf_add_text(out, "message\n");
	put_known(out, "id", &f->id);
	put_known(out, "account", &f->account);
	put_known(out, "folder", &f->folder);
	put_known(out, "received", &f->received);
	put_known(out, "flags", &f->flags);
	if (f->mail_from_known)
		put_field(out, "mail-from", buf_slice(&f->mail_from));
	for (size_t i = 0; i < f->rcpt_to.count; i++)
		put_field(out, "rcpt-to", slice_text(f->rcpt_to.at[i]));
	if (f->variants > 0)
		buf_addf(out, "variant: %u/%u\n", f->variant, f->variants);
	put_known(out, "after", &f->after);
	if (f->decided)
		put_actions(out, f);
	put_others(out, &f->others);
	buf_add_byte(out, '\n');
}

void stream_put_bytes(struct buf *out, struct slice bytes)
{
	while (bytes.len > 0) {
		struct slice chunk = slice_first(bytes, STREAM_CHUNK_MAX);

		buf_addf(out, "bytes %zu\n", chunk.len);
		buf_add_slice(out, chunk);
		buf_add_byte(out, '\n');
		slice_skip(&bytes, chunk.len);
	}
}

static void put_reason(struct buf *out, const char *what, struct slice reason)
{
	buf_add_text(out, what);
	stream_encode(out, reason, false);
	buf_add_byte(out, '\n');
}

void stream_put_end(struct buf *out, uint64_t size)
{
	buf_addf(out, "end ok %llu\n", (unsigned long long)size);
}

void stream_put_cut(struct buf *out, const char *reason)
{
	put_reason(out, "end abort ", slice_text(reason));
}

void stream_put_flush(struct buf *out)
{
	buf_add_text(out, "flush\n");
}

void stream_put_done(struct buf *out, uint64_t count)
{
	buf_addf(out, "done %llu\n", (unsigned long long)count);
}

void stream_put_abort(struct buf *out, const char *reason)
{
	put_reason(out, "abort ", slice_text(reason));
}

void stream_put_event(struct buf *out, const struct stream_event *event)
{
	switch (event->kind) {
	case STREAM_MORE:
		break;
	case STREAM_PREAMBLE:
		stream_put_preamble(out, event->preamble);
		break;
	case STREAM_FRAME:
		stream_put_frame(out, event->frame);
		break;
	case STREAM_BYTES:
		stream_put_bytes(out, event->bytes);
		break;
	case STREAM_END:
		stream_put_end(out, event->size);
		break;
	case STREAM_CUT:
		/* Between two variants no message is open: the abort that follows says it. */
		if (!event->frame)
			break;
		put_reason(out, "end abort ", event->reason);
		break;
	case STREAM_FLUSH:
		stream_put_flush(out);
		break;
	case STREAM_DONE:
		stream_put_done(out, event->size);
		break;
	case STREAM_ABORT:
		put_reason(out, "abort ", event->reason);
		break;
	}
}
