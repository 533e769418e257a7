/*
 * Settling a message: see bounce.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/bounce.h"

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/mail/header.h"
#include "relay/dsn.h"
#include "relay/enqueue.h"

/* The header's bytes as far as a DSN returns them; what cannot be read is left out. */
static void read_header(const struct queue *q, const char *id, struct buf *out)
{
	AUTO_FD fd = queue_content(q, id, NULL);
	ptrdiff_t length = -1;
	ssize_t n = 1;

	buf_reserve(out, DSN_HEADER_MAX);
	while (fd >= 0 && n > 0 && out->len < DSN_HEADER_MAX) {
		n = io_read(fd, out->ptr + out->len, DSN_HEADER_MAX - out->len);
		out->len += n > 0 ? (size_t)n : 0;
	}
	length = header_length(buf_slice(out), n <= 0);
	if (length >= 0)
		buf_cut(out, (size_t)length);
	else
		buf_cut(out, out->len);
}

static int queue_report(const struct queue *q, const struct entry *e, const char *hostname,
	const char *remote, char **id, struct fault *why)
{
	AUTO_DRAFT draft = DRAFT_NONE;
	AUTO_BUF header = { 0 };
	AUTO_BUF text = { 0 };
	struct dsn dsn = { .hostname = hostname, .remote = remote, .original = e->id,
		.now = clock_wall(), .envelope = &e->envelope };

	read_header(q, e->id, &header);
	dsn.header = buf_slice(&header);
	if (draft_open(q, &draft, why) < 0)
		return -1;
	dsn.id = draft.id;
	dsn_put(&dsn, &text);
	draft.envelope.sender = mem_text("");
	envelope_add_recipient(&draft.envelope, slice_text(e->envelope.sender));
	if (draft_write(&draft, buf_slice(&text), why) < 0 ||
		queue_commit(q, &draft, 1, why) < 0)
		return -1;
	*id = mem_text(draft.id);
	return 0;
}

static int note_bounced(struct entry *e, const char *report, struct fault *why)
{
	AUTO_BUF lines = { 0 };
	struct envelope_event event = { .kind = EVENT_BOUNCED, .when = clock_wall(),
		.text = slice_text(report) };

	for (size_t i = 0; i < e->envelope.count; i++) {
		event.index = i;
		if (e->envelope.at[i].state == RECIPIENT_FAILED)
			envelope_put_event(&lines, &event);
	}
	return queue_append(e, buf_slice(&lines), true, why);
}

static int keep_failed(const struct queue *q, const struct entry *e, struct fault *why)
{
	const struct recipient *r = e->envelope.at;

	while (r->state != RECIPIENT_FAILED)
		r++;
	if (queue_set_aside(q, e->id, q->failed, why) < 0)
		return -1;
	say("%s to %s can neither be delivered nor returned, kept in %s/failed: %s", e->id,
		r->address, q->path, r->text ? r->text : "");
	return 1;
}

int bounce_settle(const struct queue *q, struct entry *e, const char *hostname,
	const char *remote, struct fault *why)
{
	AUTO_FREE char *report = NULL;
	bool failed = envelope_count(&e->envelope, RECIPIENT_FAILED) > 0;

	if (failed && e->envelope.sender[0] != '\0') {
		if (queue_report(q, e, hostname, remote, &report, why) < 0 ||
			note_bounced(e, report, why) < 0)
			return -1;
		say_detail("%s: returned to %s as %s", e->id, e->envelope.sender, report);
		failed = false;
	}
	if (envelope_count(&e->envelope, RECIPIENT_WAITING) > 0)
		return 0;
	if (failed)
		return keep_failed(q, e, why);
	return queue_remove(q, e->id, why) < 0 ? -1 : 1;
}
