/*
 * Diverted mail: see divert.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/divert.h"

#include "common/mail/header.h"
#include "deliver/loop.h"
#include "deliver/plan.h"
#include "deliver/reject.h"

static int pour(struct slice bytes, void *context, struct fault *why)
{
	struct entry *e = context;

	return e->box->ops->write(e, bytes, why);
}

/* Into the inbox: the action's key stays what it was. */
static int keep_instead(struct run *r, struct arrival *a, struct part *p, const char *reason,
	struct fault *why)
{
	p->note = mem_text(reason);
	if (target_find(&r->targets, NULL, &p->entry.box, why) < 0)
		return -1;
	buf_add_text(&p->entry.intent.scheme, p->entry.box->ops->scheme);
	buf_add_text(&p->entry.intent.path, p->entry.box->path);
	if (plan_is_kept(a->unit, p)) {
		p->entry.box = NULL;
		p->state = PART_NEEDLESS;
		return 0;
	}
	if (p->entry.box->ops->begin(&p->entry, why) < 0)
		return -1;
	p->started = true;
	p->instead = true;
	return spool_read(&r->outgoing.spool, a->raw_bytes, pour, &p->entry, why);
}

static int end_redirect(struct run *r, struct arrival *a, struct part *p, struct slice header,
	struct fault *why)
{
	const char *reason = loop_check(header, slice_text(buf_text(&p->entry.intent.target)),
		HOPS_MAX);
	const char *sender = r->settings->redirect_sender;
	AUTO_BUF text = { 0 };

	if (reason) {
		buf_addf(&text, "not redirected to %s: %s; the message goes to the inbox",
			buf_text(&p->entry.intent.target), reason);
		run_say(r, a->unit, buf_text(&text));
		return keep_instead(r, a, p, reason, why);
	}
	p->raw = a->raw_bytes;
	/* A bounce must stay one: nobody may be told of what happens to it. */
	if (sender && a->sender.len > 0)
		p->sender = mem_text(sender);
	else
		p->sender = outgoing_sender(buf_slice(&a->sender));
	return 0;
}

static int read_on(struct spool *s, struct spooled left, struct buf *room, struct fault *why)
{
	size_t want = left.length < HEAD_MAX ? (size_t)left.length : HEAD_MAX;
	size_t got;

	buf_reserve(room, want + 1);
	if (spool_at(s, left.start, room->ptr + room->len, want, &got, why) < 0)
		return -1;
	if (got == 0)
		return fault_set(why, FAULT_TEMP, "read the spool: it is cut short");
	room->len += got;
	room->ptr[room->len] = '\0';
	return 0;
}

/* header_length of any message: of its lines one is held, and of a long one the begin. */
static int header_in_spool(struct spool *s, struct spooled left, uint64_t *length,
	struct fault *why)
{
	struct header_scan scan = { 0 };
	AUTO_BUF room = { 0 };
	uint64_t gone = 0;
	ptrdiff_t len;

	while ((len = header_scan(&scan, buf_slice(&room), left.length == 0)) < 0) {
		size_t before;

		gone += scan.line;
		buf_drop(&room, scan.line);
		scan.line = 0;
		if (room.len > HEAD_MAX) {
			gone += room.len - HEAD_MAX;
			buf_cut(&room, HEAD_MAX);
			scan.ahead = HEAD_MAX;
		}
		before = room.len;
		if (read_on(s, left, &room, why) < 0)
			return -1;
		left.start += room.len - before;
		left.length -= room.len - before;
	}
	*length = len == 0 && !scan.begun ? 0 : gone + (uint64_t)len;
	return 0;
}

/* What the program gets: of a message that is header or body alone, the rest is empty. */
static int end_pipe(struct run *r, const struct arrival *a, struct part *p, struct fault *why)
{
	uint64_t length;

	p->raw = a->raw_bytes;
	p->given = a->raw_bytes;
	p->received = a->received;
	p->sender = slice_copy(buf_slice(&a->sender));
	if (!p->action.header_only && !p->action.body_only)
		return 0;
	if (header_in_spool(&r->outgoing.spool, a->raw_bytes, &length, why) < 0)
		return -1;
	if (p->action.header_only) {
		p->given.length = length;
	} else {
		p->given.start += length;
		p->given.length -= length;
	}
	return 0;
}

int divert_end(struct run *r, struct arrival *a, struct part *p, struct slice header,
	struct fault *why)
{
	const char *reason = NULL;

	if (p->action.kind == ACTION_PIPE)
		return end_pipe(r, a, p, why);
	if (p->action.kind == ACTION_REDIRECT)
		return end_redirect(r, a, p, header, why);
	if (p->action.kind == ACTION_REJECT || p->action.kind == ACTION_EREJECT)
		reason = reject_end(r, a, p, header);
	return reason ? keep_instead(r, a, p, reason, why) : 0;
}
