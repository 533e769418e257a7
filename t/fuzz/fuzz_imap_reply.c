/*
 * IMAP responses from a hostile server, whole and in pieces: the same facts, or the same
 * refusal, and never more bytes of a body than the input holds.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/imap_reply.h"

struct sum {
	uint64_t events;
	uint64_t bytes;
	int status;
};

static void pieces(const struct imap_event *e)
{
	struct imap_list list = { 0 };
	struct imap_status status = { 0 };
	struct imap_namespace space = { 0 };
	uint64_t number;

	if (e->kind == IMAP_DATA) {
		imap_list_read(e->text, &list, NULL);
		imap_status_read(e->text, &status, NULL);
		imap_namespace_read(e->text, &space, NULL);
	}
	if (e->kind == IMAP_STATUS)
		imap_code_number(e->code, "UIDVALIDITY", &number);
	imap_list_free(&list);
	imap_namespace_free(&space);
	buf_free(&status.name);
}

static struct sum feed(struct slice in, size_t step)
{
	struct imap_reply *r = imap_reply_new();
	struct sum sum = { 0 };
	struct imap_event e;

	while (in.len && sum.status == 0) {
		struct slice part = slice_first(in, step);
		struct slice left = part;

		while ((sum.status = imap_next(r, &left, &e, NULL)) == 0 && e.kind != IMAP_MORE) {
			sum.events += e.kind != IMAP_BYTES;
			sum.bytes += e.bytes.len;
			pieces(&e);
		}
		slice_skip(&in, part.len);
	}
	imap_reply_free(r);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	struct sum whole = feed(in, SIZE_MAX);
	struct sum parts = feed(in, 1 + size % 7);

	if (whole.bytes > size || whole.status != parts.status || whole.bytes != parts.bytes ||
		whole.events != parts.events)
		__builtin_trap();
	return 0;
}
