/*
 * Redirected mail: see outgoing.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/outgoing.h"

#include <errno.h>
#include <poll.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/mail/address.h"
#include "common/mail/receipt.h"

/* LIMIT: the child only writes files; this long without an answer means that it hangs. */
enum { ANSWER_MS = 300000, END_MS = 60000 };

/* LIMIT: one receipt; ids are ours and short, a reason is a sentence. */
enum { RECEIPT_MAX = 65536 };

void outgoing_start(struct outgoing *o, const char *program)
{
	*o = (struct outgoing){ .program = program, .child = CHILD_NONE, .to.fd = -1,
		.spool = SPOOL_NONE };
}

char *outgoing_sender(struct slice text)
{
	struct address_list list = { 0 };
	AUTO_BUF out = { 0 };
	size_t bad = 0;

	address_read_list(text, &list, &bad);
	if (bad == 0 && list.count == 1 && list.at[0].local)
		address_put(&out, &list.at[0]);
	if (address_check_envelope(buf_slice(&out), NULL) < 0)
		buf_clear(&out);
	address_list_free(&list);
	return slice_copy(buf_slice(&out));
}

static void forget_child(struct outgoing *o)
{
	int status;

	if (o->child.pid != 0)
		(void)child_wait(&o->child, clock_deadline(END_MS), &status, NULL);
	outlet_drop(&o->to);
	o->to.fd = -1;
	line_reader_free(&o->from);
	o->sent = 0;
}

int outgoing_ready(struct outgoing *o, struct fault *why)
{
	AUTO_FREE char *program = o->program ? mem_text(o->program) : child_sibling("mr-relay");
	const char *const plain[] = { program, "carry", "queue:", NULL };
	const char *const named[] = { program, "-c", o->config, "carry", "queue:", NULL };
	const char *const *argv = o->config ? named : plain;
	const struct child_plan plan = { .argv = (char *const *)argv, .in = CHILD_PIPE,
		.out = CHILD_PIPE, .err = CHILD_INHERIT };
	struct preamble p = { .way = RECEIPTS_STDOUT };

	if (o->child.pid != 0)
		return 0;
	if (child_start(&plan, &o->child, why) < 0) {
		if (why)
			why->kind = FAULT_TEMP;
		return -1;
	}
	o->to = (struct outlet){ .fd = o->child.in, .name = "mr-relay carry" };
	o->from = (struct line_reader){ .fd = o->child.out, .name = "mr-relay carry",
		.limit = RECEIPT_MAX };
	io_set_nonblocking(o->child.out, true);
	buf_add_text(&p.program, "mr-deliver " MAILRAIL_VERSION);
	stream_put_preamble(&o->to.pending, &p);
	preamble_clear(&p);
	return 0;
}

static int put_bytes(struct slice bytes, void *context, struct fault *why)
{
	struct outgoing *o = context;

	stream_put_bytes(&o->to.pending, bytes);
	return outlet_spill(&o->to, why);
}

int outgoing_put(struct outgoing *o, struct slice sender, struct slice recipient,
	struct slice field, struct spooled bytes, uint64_t *ticket, struct fault *why)
{
	AUTO_FRAME frame = { .mail_from_known = true };

	if (outgoing_ready(o, why) < 0)
		return -1;
	buf_addf(&frame.id, "redirect-%llu", (unsigned long long)o->sent);
	buf_add_slice(&frame.mail_from, sender);
	strings_add(&frame.rcpt_to, recipient);
	stream_put_frame(&o->to.pending, &frame);
	stream_put_bytes(&o->to.pending, field);
	if (spool_read(&o->spool, bytes, put_bytes, o, why) < 0) {
		/* The message is open: only the end of the child ends it. */
		forget_child(o);
		return -1;
	}
	stream_put_end(&o->to.pending, field.len + bytes.length);
	*ticket = o->sent++;
	if (outlet_spill(&o->to, why) == 0)
		return 0;
	forget_child(o);
	return -1;
}

int outgoing_flush(struct outgoing *o, struct fault *why)
{
	if (o->child.pid == 0)
		return 0;
	stream_put_flush(&o->to.pending);
	if (outlet_flush(&o->to, why) == 0)
		return 0;
	forget_child(o);
	return -1;
}

static int read_line(struct outgoing *o, struct slice *line, struct fault *why)
{
	const int64_t deadline = clock_deadline(ANSWER_MS);

	for (;;) {
		int got = line_read(&o->from, line, why);

		if (got == 1)
			return 0;
		if (got == 0)
			return fault_set(why, FAULT_TEMP, "mr-relay carry ended without an answer");
		if (got < 0)
			return -1;
		if (io_wait(o->child.out, POLLIN, deadline) == 0)
			return fault_set(why, FAULT_TEMP, "mr-relay carry does not answer");
	}
}

int outgoing_answer(struct outgoing *o, uint64_t *ticket, struct fault *why)
{
	AUTO_BUF id = { 0 };
	AUTO_BUF reason = { 0 };
	enum receipt_verdict verdict;
	struct slice line;

	if (o->child.pid == 0)
		return fault_set(why, FAULT_TEMP, "mr-relay carry ended without an answer");
	if (read_line(o, &line, why) < 0 || receipt_read(line, &verdict, &id, &reason, why) < 0) {
		forget_child(o);
		return -1;
	}
	if (!slice_starts(buf_slice(&id), "redirect-") ||
		!slice_number(slice_from(buf_slice(&id), 9), ticket)) {
		forget_child(o);
		return fault_set(why, FAULT_TEMP, "mr-relay carry answered for another message");
	}
	if (verdict == RECEIPT_STORED)
		return 1;
	o->refused = true;
	fault_set(why, FAULT_TEMP, "mr-relay carry: %s", buf_text(&reason));
	return 0;
}

int outgoing_end(struct outgoing *o, struct fault *why)
{
	int status = 0;
	int result = 0;

	if (o->child.pid != 0) {
		stream_put_done(&o->to.pending, o->sent);
		(void)outlet_flush(&o->to, NULL);
		result = child_wait(&o->child, clock_deadline(END_MS), &status, why);
		if (result == 0 && status != 0 && !o->refused)
			result = fault_set(why, FAULT_TEMP, "mr-relay carry: exit status %d",
				status);
		forget_child(o);
	}
	spool_close(&o->spool);
	return result;
}
