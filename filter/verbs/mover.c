/*
 * Messages of a Maildir handed to mr-deliver: see mover.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/mover.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "common/mail/date.h"
#include "common/mail/receipt.h"
#include "filter/edit/variants.h"
#include "filter/verbs/maildir_file.h"

/*
 * LIMIT: what is handed over before we wait for the answers. Their receipts must fit into a
 * pipe, for we read none while we write.
 */
enum { BATCH_MESSAGES = 50, BATCH_BYTES = 8 << 20 };

enum { CHUNK = 65536 };

struct mover_item {
	char *id;
	char *path;
	ino_t inode;
	dev_t device;
	bool removes;
	bool answered;
};

int mover_start(struct mover *m, const char *config, struct fault *why)
{
	AUTO_FREE char *program = child_sibling("mr-deliver");
	char option[] = "-c";
	AUTO_FREE char *file = mem_text(config);
	char *with[] = { program, option, file, NULL };
	char *without[] = { program, NULL };
	struct child_plan plan = { .argv = file ? with : without, .in = CHILD_PIPE,
		.out = CHILD_PIPE, .err = CHILD_INHERIT };
	struct preamble own = { .way = RECEIPTS_STDOUT };

	if (child_start(&plan, &m->child, why) < 0)
		return -1;
	m->out = (struct outlet){ .fd = m->child.in, .name = "mr-deliver" };
	m->receipts = (struct line_reader){ .fd = m->child.out,
		.name = "the receipts of mr-deliver", .limit = RECEIPT_LINE_MAX };
	buf_addf(&own.program, "%s %s", say_program(), MAILRAIL_VERSION);
	stream_put_preamble(&m->out.pending, &own);
	preamble_clear(&own);
	return outlet_flush(&m->out, why);
}

int mover_frame(const char *path, struct frame *frame, struct stat *st, struct fault *why)
{
	struct statfs fs;
	uint64_t volume = 0;

	if (lstat(path, st) < 0 && errno == ENOENT)
		return 0;
	if (lstat(path, st) < 0 || statfs(path, &fs) < 0)
		return fault_set(why, FAULT_TEMP, "stat %s: %s", path, strerror(errno));
	memcpy(&volume, &fs.f_fsid,
		sizeof(fs.f_fsid) < sizeof(volume) ? sizeof(fs.f_fsid) : sizeof(volume));
	buf_clear(&frame->id);
	buf_addf(&frame->id, "maildir-file/%" PRIx64 "/%" PRIu64 "/%" PRId64 ".%09ld", volume,
		(uint64_t)st->st_ino, (int64_t)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
	buf_clear(&frame->received);
	date_put_stamp(&frame->received, st->st_mtim.tv_sec);
	buf_clear(&frame->flags);
	maildir_file_flags(path, &frame->flags);
	return 1;
}

static void put_actions(struct frame *frame, const struct verdict *v, const bool *wanted,
	unsigned number, size_t k)
{
	for (size_t i = 0; i < frame->action_count; i++) {
		free(frame->actions[i].rule);
		free(frame->actions[i].command);
	}
	frame->action_count = 0;
	frame->decided = true;
	for (size_t i = 0; i < v->count; i++) {
		AUTO_BUF command = { 0 };

		if (!wanted[i] || !variants_has(&v->actions[i], number, k))
			continue;
		action_put(&command, &v->actions[i]);
		frame_add_action(frame, slice_text(v->actions[i].rule), buf_slice(&command));
	}
}

static int put_bytes(struct mover *m, const struct message *message, struct fault *why)
{
	AUTO_BUF chunk = { 0 };
	uint64_t at = 0;
	size_t got = 1;

	buf_reserve(&chunk, CHUNK);
	while (got > 0) {
		if (message_read(message, at, chunk.ptr, CHUNK, &got, why) < 0)
			return -1;
		stream_put_bytes(&m->out.pending, slice_of(chunk.ptr, got));
		at += got;
		if (outlet_spill(&m->out, why) < 0)
			return -1;
	}
	stream_put_end(&m->out.pending, at);
	m->bytes += at;
	return 0;
}

/* States of the message that the wanted actions are for: a part of variants_list. */
static size_t list_states(const struct verdict *v, const bool *wanted, unsigned *out)
{
	size_t count = 0;

	for (size_t i = 0; i < v->count; i++) {
		size_t k = 0;

		while (k < count && out[k] != v->actions[i].version)
			k++;
		if (wanted[i] && k == count)
			out[count++] = v->actions[i].version;
	}
	return count;
}

static void remember(struct mover *m, const char *path, const struct stat *st,
	const struct frame *frame, bool removes)
{
	m->items = mem_grow(m->items, m->count + 1, sizeof(*m->items));
	m->items[m->count++] = (struct mover_item){ .id = mem_text(buf_text(&frame->id)),
		.path = mem_text(path), .inode = st->st_ino, .device = st->st_dev,
		.removes = removes };
	m->messages++;
}

/* One message is stored, or stays where it is. */
static int settle_one(struct mover *m, struct mover_item *item, enum receipt_verdict verdict,
	const struct buf *reason, struct fault *why)
{
	item->answered = true;
	if (verdict != RECEIPT_STORED) {
		m->left++;
		say("%s stays: %s", item->path, buf_text(reason));
		return 0;
	}
	if (!item->removes) {
		m->copied++;
		return 0;
	}
	m->moved++;
	return maildir_file_remove(item->path, item->device, item->inode, why);
}

static int take_receipt(struct mover *m, struct slice line, struct fault *why)
{
	AUTO_BUF id = { 0 };
	AUTO_BUF reason = { 0 };
	enum receipt_verdict verdict;

	if (receipt_read(line, &verdict, &id, &reason, why) < 0)
		return -1;
	for (size_t i = 0; i < m->count; i++) {
		if (!m->items[i].answered && strcmp(m->items[i].id, buf_text(&id)) == 0)
			return settle_one(m, &m->items[i], verdict, &reason, why);
	}
	return fault_set(why, FAULT_PROTOCOL, "a receipt for %s, which was not asked for",
		buf_text(&id));
}

static void forget_items(struct mover *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free(m->items[i].id);
		free(m->items[i].path);
	}
	m->count = 0;
	m->bytes = 0;
}

static int settle(struct mover *m, struct fault *why)
{
	struct slice line;

	for (size_t answers = 0; answers < m->count; answers++) {
		int got = line_read(&m->receipts, &line, why);

		if (got == 0)
			fault_set(why, FAULT_TEMP, "mr-deliver ended before it had answered");
		if (got <= 0 || take_receipt(m, line, why) < 0)
			return -1;
	}
	forget_items(m);
	return 0;
}

int mover_put(struct mover *m, const char *path, const struct stat *st, struct frame *frame,
	const struct verdict *v, const bool *wanted, bool removes, struct fault *why)
{
	AUTO_FREE unsigned *states = mem_zero(v->count, sizeof(*states));
	size_t count = list_states(v, wanted, states);

	for (size_t k = 0; k < count; k++) {
		put_actions(frame, v, wanted, states[k], k);
		frame->variant = count > 1 ? (unsigned)k + 1 : 0;
		frame->variants = count > 1 ? (unsigned)count : 0;
		stream_put_frame(&m->out.pending, frame);
		if (put_bytes(m, versions_message(&v->versions, states[k]), why) < 0)
			return -1;
	}
	remember(m, path, st, frame, removes);
	if (m->count < BATCH_MESSAGES && m->bytes < BATCH_BYTES)
		return 0;
	stream_put_flush(&m->out.pending);
	return outlet_flush(&m->out, why) < 0 ? -1 : settle(m, why);
}

int mover_end(struct mover *m, struct fault *why)
{
	int status;

	stream_put_done(&m->out.pending, m->messages);
	if (outlet_flush(&m->out, why) < 0)
		return -1;
	io_close_at(&m->child.in);
	if (settle(m, why) < 0 || child_wait(&m->child, CLOCK_NEVER, &status, why) < 0)
		return -1;
	if (m->left > 0 || status != 0)
		return fault_set(why, status != 0 ? (enum fault_kind)status : FAULT_TEMP,
			"mr-deliver did not store %" PRIu64 " messages: they stay", m->left);
	return 0;
}

void mover_free(struct mover *m)
{
	struct fault ignored;
	int status;

	/* A stream without its last line: what is open in it is dropped. */
	if (m->child.pid > 0)
		child_wait(&m->child, CLOCK_NEVER, &status, &ignored);
	forget_items(m);
	free(m->items);
	outlet_drop(&m->out);
	line_reader_free(&m->receipts);
}
