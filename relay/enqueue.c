/*
 * Drafts and their commit: see enqueue.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/enqueue.h"

#include <errno.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"

/* LIMIT: tries at a name that nobody has; one is enough unless the clock stands. */
enum { NAME_TRIES = 5 };

/* A disk that is full may empty itself; one that fails or is read-only does not. */
static int spool_fault(const struct queue *q, struct fault *why)
{
	if (errno == EIO || errno == EROFS)
		why->kind = FAULT_WRITE;
	return fault_prefix(why, "queue %s", q->path);
}

/* Microseconds first, so that names sort by age; chance and O_EXCL part what is left. */
static char *make_id(void)
{
	AUTO_BUF id = { 0 };
	struct timespec now = { 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	buf_addf(&id, "%013llx", ((unsigned long long)now.tv_sec * 1000000 +
		(unsigned long long)now.tv_nsec / 1000) & 0xfffffffffffff);
	stage_random_name(&id, QUEUE_ID_LENGTH - id.len);
	return buf_give(&id);
}

int draft_open(const struct queue *q, struct draft *out, struct fault *why)
{
	AUTO_DRAFT d = DRAFT_NONE;

	for (int i = 0;; i++) {
		free(d.id);
		d.id = make_id();
		errno = 0;
		if (stage_open(q->content, d.id, 0600, &d.content, why) == 0)
			break;
		if (errno != EEXIST || i == NAME_TRIES)
			return spool_fault(q, why);
	}
	/* Tells the sweep that somebody is at work; it cannot be held by another yet. */
	(void)flock(d.content.fd, LOCK_EX | LOCK_NB);
	d.envelope.created = clock_wall();
	*out = d;
	d = (struct draft)DRAFT_NONE;
	return 0;
}

static bool has_eight_bit(struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if ((unsigned char)bytes.ptr[i] > 0x7f)
			return true;
	}
	return false;
}

int draft_write(struct draft *d, struct slice bytes, struct fault *why)
{
	d->envelope.eight_bit = d->envelope.eight_bit || has_eight_bit(bytes);
	errno = 0;
	if (stage_write(&d->content, bytes.ptr, bytes.len, why) == 0)
		return 0;
	if (errno == EIO || errno == EROFS)
		why->kind = FAULT_WRITE;
	return fault_prefix(why, "queue");
}

static int sync_all(struct draft *drafts, size_t count, bool notes, struct fault *why)
{
	for (size_t i = 0; i < count && count > 1; i++) {
		if (stage_begin_sync(notes ? &drafts[i].note : &drafts[i].content, why) < 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (stage_sync(notes ? &drafts[i].note : &drafts[i].content, NULL, why) < 0)
			return -1;
	}
	return 0;
}

static int write_note(const struct queue *q, struct draft *d, struct fault *why)
{
	AUTO_BUF text = { 0 };

	d->envelope.size = d->content.size;
	envelope_put_head(&text, &d->envelope);
	if (stage_open(q->staging, d->id, 0600, &d->note, why) < 0)
		return -1;
	return stage_write(&d->note, text.ptr, text.len, why);
}

static int commit_steps(const struct queue *q, struct draft *drafts, size_t count,
	struct fault *why)
{
	if (sync_all(drafts, count, false, why) < 0 || io_sync(q->content, "content", why) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (write_note(q, &drafts[i], why) < 0)
			return -1;
	}
	if (sync_all(drafts, count, true, why) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (stage_place(&drafts[i].note, q->entries, drafts[i].id, why) < 0)
			return -1;
		drafts[i].committed = true;
	}
	return io_sync(q->entries, "queue", why);
}

int queue_commit(const struct queue *q, struct draft *drafts, size_t count, struct fault *why)
{
	errno = 0;
	if (commit_steps(q, drafts, count, why) == 0)
		return 0;
	spool_fault(q, why);
	/* The caller is told that nothing is queued, so nothing may be. */
	for (size_t i = 0; i < count; i++) {
		if (drafts[i].committed)
			(void)unlinkat(q->entries, drafts[i].id, 0);
		drafts[i].committed = false;
	}
	return -1;
}

void draft_drop(struct draft *d)
{
	stage_drop(&d->note);
	if (d->committed)
		stage_leave(&d->content);
	else
		stage_drop(&d->content);
	envelope_free(&d->envelope);
	free(d->id);
	d->id = NULL;
}
