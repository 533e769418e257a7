/*
 * mbox: a mailbox in one file (mailbox.h, mbox_entry.h).
 *
 * A message waits in the spool, quoted. For the batch the file is locked once; the place of
 * each message is fixed, the ledger commits, all are appended, one fsync. The locks are held
 * from before the commit to after the sync: whoever has the lock knows that a pending intent
 * of another owner is whole, or its owner is dead.
 *
 * Flags have no place in an mbox: a Status field would change the message.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/mbox.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/say.h"

struct mbox {
	struct mailbox box;
	struct mbox_file file; /* while locked */
	uint64_t end;          /* where the next message goes */
	bool broken;           /* a write failed: nothing more in this batch */
};

static struct mbox *mbox_of(struct mailbox *box)
{
	return (struct mbox *)box;
}

static int mbox_open(const char *path, bool inbox, const struct surroundings *around,
	struct mailbox **out, struct fault *why)
{
	AUTO_FREE char *dir = mem_text(path);
	struct mbox *m;

	(void)inbox;
	*strrchr(dir, '/') = '\0';
	if (dir[0] && paths_make(dir, around->directory_mode, why) < 0)
		return -1;
	m = mem_zero(1, sizeof(*m));
	m->box = (struct mailbox){ .ops = &mailbox_mbox, .around = around, .path = mem_text(path) };
	m->file = (struct mbox_file)MBOX_FILE_NONE;
	*out = &m->box;
	return 0;
}

static void mbox_release(struct mailbox *box)
{
	struct mbox *m = mbox_of(box);

	mbox_file_close(&m->file);
	m->broken = false;
}

static void mbox_close(struct mailbox *box)
{
	mbox_release(box);
	free(box->path);
	free(mbox_of(box));
}

static int mbox_begin(struct entry *e, struct fault *why)
{
	(void)why;
	e->quote = (struct mbox_quote){ 0 };
	e->body = (struct spooled){ .start = e->box->around->spool->size };
	e->intent.digest = MBOX_DIGEST_START;
	return 0;
}

static int add_quoted(struct entry *e, const struct buf *quoted, struct fault *why)
{
	struct buf *head = &e->intent.from_line;

	/* The From_ line is put before it when it is known. */
	if (head->len < MBOX_HEAD_MAX)
		buf_add_slice(head, slice_first(buf_slice(quoted), MBOX_HEAD_MAX - head->len));
	e->intent.digest = mbox_digest(e->intent.digest, buf_slice(quoted));
	e->body.length += quoted->len;
	return spool_add(e->box->around->spool, quoted->ptr, quoted->len, why);
}

static int mbox_write(struct entry *e, struct slice bytes, struct fault *why)
{
	AUTO_BUF quoted = { 0 };

	mbox_quote(&e->quote, bytes, &quoted);
	return add_quoted(e, &quoted, why);
}

/* Every entry ends its own quoting in finish: the copy takes over a body that is whole. */
static int mbox_copy(struct entry *e, struct entry *from, struct fault *why)
{
	(void)why;
	e->body = from->body;
	e->intent.digest = from->intent.digest;
	buf_set(&e->intent.from_line, mbox_head(&from->intent));
	e->linked = true;
	return 0;
}

static int mbox_finish(struct entry *e, const struct letter *letter, struct fault *why)
{
	AUTO_BUF quoted = { 0 };
	AUTO_BUF head = { 0 };

	if (!e->linked) {
		mbox_quote_end(&e->quote, &quoted);
		if (add_quoted(e, &quoted, why) < 0)
			return -1;
	}
	buf_set(&head, buf_slice(&e->intent.from_line));
	buf_clear(&e->intent.from_line);
	mbox_put_from_line(&e->intent.from_line, letter->sender, letter->received);
	buf_add_slice(&e->intent.from_line, buf_slice(&head));
	return 0;
}

static void mbox_forget(struct entry *e)
{
	(void)e;
}

/* Nobody shall see a part. If even this fails, recovery cuts it off, where there is an id. */
static void cut_back(struct mbox *m, uint64_t size)
{
	if (ftruncate(m->file.fd, (off_t)size) < 0)
		say("%s: a part of a message stands at byte %llu and cannot be cut off: %s",
			m->box.path, (unsigned long long)size, strerror(errno));
}

/* Closes what a stranger left open, so that our From_ line stands behind an empty line. */
static int close_tail(struct mbox *m, struct fault *why)
{
	char tail[2];
	size_t len = m->end < 2 ? (size_t)m->end : 2;
	const char *padding;
	size_t more;

	if (pread(m->file.fd, tail, len, (off_t)(m->end - len)) != (ssize_t)len)
		return fault_set(why, FAULT_TEMP, "read %s: %s", m->box.path, strerror(errno));
	padding = mbox_padding(slice_of(tail, len));
	more = strlen(padding);
	if (more > 0 && pwrite(m->file.fd, padding, more, (off_t)m->end) != (ssize_t)more) {
		fault_set(why, FAULT_TEMP, "write %s: %s", m->box.path, strerror(errno));
		cut_back(m, m->end);
		return -1;
	}
	m->end += more;
	return 0;
}

static int mbox_lock(struct mailbox *box, struct fault *why)
{
	struct mbox *m = mbox_of(box);

	if (m->file.fd >= 0)
		return 0;
	if (mbox_file_open(box->path, box->around->file_mode, box->around->lock_timeout, &m->file,
		    why) < 0)
		return -1;
	m->end = (uint64_t)m->file.st.st_size;
	if (close_tail(m, why) == 0)
		return 0;
	mbox_release(box);
	return -1;
}

static int mbox_secure(struct entry *e, struct fault *why)
{
	struct mbox *m = mbox_of(e->box);

	(void)why;
	e->intent.device = m->file.st.st_dev;
	e->intent.inode = m->file.st.st_ino;
	e->intent.start = m->end;
	e->intent.length = mbox_from_length(&e->intent) + e->body.length;
	m->end += e->intent.length;
	return 0;
}

struct writer {
	struct mbox *box;
	off_t at;
};

static int append(struct slice bytes, void *context, struct fault *why)
{
	struct writer *w = context;

	dotlock_touch(&w->box->file.lock);
	while (bytes.len > 0) {
		ssize_t n = pwrite(w->box->file.fd, bytes.ptr, bytes.len, w->at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault_set(why, FAULT_TEMP, "write %s: %s", w->box->box.path,
				strerror(errno));
		slice_skip(&bytes, (size_t)n);
		w->at += n;
	}
	return 0;
}

static int mbox_place(struct entry *e, struct fault *why)
{
	struct mbox *m = mbox_of(e->box);
	struct writer w = { .box = m, .at = (off_t)e->intent.start };

	if (m->broken)
		return fault_set(why, FAULT_TEMP, "write %s: an earlier message failed",
			m->box.path);
	if (append(slice_first(buf_slice(&e->intent.from_line), mbox_from_length(&e->intent)), &w,
		    why) == 0 &&
		spool_read(m->box.around->spool, e->body, append, &w, why) == 0) {
		e->placed = true;
		return 0;
	}
	m->broken = true;
	cut_back(m, e->intent.start);
	return -1;
}

static int mbox_settle(struct mailbox *box, struct fault *why)
{
	return io_sync(mbox_of(box)->file.fd, box->path, why);
}

/* Only while we hold the lock since the write: what stands behind it is ours, too. */
static void mbox_revoke(struct entry *e)
{
	struct mbox *m = mbox_of(e->box);
	struct stat st;

	if (m->file.fd >= 0 && fstat(m->file.fd, &st) == 0 &&
		(uint64_t)st.st_size > e->intent.start)
		cut_back(m, e->intent.start);
}

static int mbox_sweep(const char *path, const struct owner *owner, const struct host *host,
	struct ledger *ledger, struct fault *why)
{
	(void)path;
	(void)owner;
	(void)host;
	(void)ledger;
	(void)why;
	return 0;
}

const struct mailbox_ops mailbox_mbox = {
	.scheme = "mbox",
	.open = mbox_open,
	.close = mbox_close,
	.begin = mbox_begin,
	.write = mbox_write,
	.copy = mbox_copy,
	.finish = mbox_finish,
	.drop = mbox_forget,
	.lock = mbox_lock,
	.secure = mbox_secure,
	.place = mbox_place,
	.settle = mbox_settle,
	.leave = mbox_forget,
	.revoke = mbox_revoke,
	.release = mbox_release,
	.recover = mbox_recover,
	.recover_sync = mbox_recover_sync,
	.sweep = mbox_sweep,
};
