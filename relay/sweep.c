/*
 * Sweeping the queue: see sweep.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/io.h"

/* The Maildir clean-up age: no submission takes so long without writing a byte. */
enum { SWEEP_AGE = 36 * 3600 };
/* LIMIT: messages kept that could be neither delivered nor returned. */
enum { FAILED_MAX = 1000 };

static void list_ids(const struct queue *q, const char *folder, struct strings *ids)
{
	int fd = openat(q->root, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *one;

	if (!dir) {
		io_close_at(&fd);
		return;
	}
	while ((one = readdir(dir)) != NULL) {
		if (queue_is_id(one->d_name))
			strings_add(ids, slice_text(one->d_name));
	}
	closedir(dir);
}

static bool is_old(int dir, const char *name, int64_t now)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_mtim.tv_sec < now - SWEEP_AGE;
}

static bool has_envelope(const struct queue *q, const char *id)
{
	return faccessat(q->entries, id, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	       faccessat(q->failed, id, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	       faccessat(q->corrupt, id, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void sweep_content(const struct queue *q, const char *id, int64_t now)
{
	AUTO_FD fd = -1;

	if (!is_old(q->content, id, now) || has_envelope(q, id))
		return;
	fd = openat(q->content, id, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	/* The writer holds the lock until its envelope is placed: look again behind it. */
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || has_envelope(q, id))
		return;
	(void)unlinkat(q->content, id, 0);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sweep_failed(const struct queue *q)
{
	AUTO_STRINGS ids = { 0 };

	list_ids(q, "failed", &ids);
	if (ids.count <= FAILED_MAX)
		return;
	qsort(ids.at, ids.count, sizeof(*ids.at), compare_texts);
	for (size_t i = 0; i < ids.count - FAILED_MAX; i++) {
		(void)unlinkat(q->failed, ids.at[i], 0);
		(void)unlinkat(q->content, ids.at[i], 0);
	}
}

void queue_sweep(const struct queue *q, int64_t now)
{
	AUTO_STRINGS contents = { 0 };
	AUTO_STRINGS staged = { 0 };

	list_ids(q, "content", &contents);
	for (size_t i = 0; i < contents.count; i++)
		sweep_content(q, contents.at[i], now);
	list_ids(q, "staging", &staged);
	for (size_t i = 0; i < staged.count; i++) {
		if (is_old(q->staging, staged.at[i], now))
			(void)unlinkat(q->staging, staged.at[i], 0);
	}
	sweep_failed(q);
}
