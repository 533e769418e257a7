/*
 * Opening and locking an mbox: see mbox.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/io.h"
#include "deliver/mbox.h"

/* LIMIT: how often a mailbox may be replaced between open and lock. */
enum { TRIES = 20 };

static int check_file(const char *path, const struct stat *st, struct fault *why)
{
	const char *wrong = NULL;

	if (!S_ISREG(st->st_mode))
		wrong = "it is no regular file";
	else if (st->st_nlink > 1)
		wrong = "it has more than one link";
	else if (st->st_uid != geteuid())
		wrong = "it belongs to another user";
	if (!wrong)
		return 0;
	return fault_set(why, FAULT_TEMP, "%s is not written to: %s", path, wrong);
}

static int sync_parent(const char *path, struct fault *why)
{
	AUTO_FREE char *dir = mem_text(path);

	*strrchr(dir, '/') = '\0';
	return io_sync_directory(AT_FDCWD, dir[0] ? dir : "/", why);
}

/* Creates it apart from opening, so that it is known whether the directory needs a sync. */
static int open_file(const char *path, mode_t mode, struct fault *why)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	int kept;

	if (fd < 0 && errno == ENOENT && mode != 0) {
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (fd < 0 && errno == EEXIST)
			return open_file(path, 0, why);
		if (fd >= 0 && sync_parent(path, why) < 0) {
			close(fd);
			return -1;
		}
	}
	if (fd >= 0)
		return fd;
	kept = errno;
	fault_set(why, FAULT_TEMP, "open %s: %s", path,
		kept == ELOOP ? "it is a symbolic link" : strerror(kept));
	errno = kept;
	return -1;
}

/* 1 it is still the file of that name, 0 it was replaced. */
static int is_current(const char *path, struct mbox_file *f)
{
	struct stat named;

	return fstat(f->fd, &f->st) == 0 && lstat(path, &named) == 0 &&
		named.st_ino == f->st.st_ino && named.st_dev == f->st.st_dev;
}

int mbox_file_open(const char *path, mode_t mode, int64_t lock_timeout, struct mbox_file *out,
	struct fault *why)
{
	for (int i = 0; i < TRIES; i++) {
		*out = (struct mbox_file)MBOX_FILE_NONE;
		out->fd = open_file(path, mode, why);
		if (out->fd < 0)
			return -1;
		if (fstat(out->fd, &out->st) < 0 || check_file(path, &out->st, why) < 0 ||
			dotlock_take(out->fd, path, lock_timeout, &out->lock, why) < 0) {
			io_close_at(&out->fd);
			errno = EAGAIN;
			return -1;
		}
		if (is_current(path, out)) {
			if (check_file(path, &out->st, why) == 0)
				return 0;
			mbox_file_close(out);
			errno = EAGAIN;
			return -1;
		}
		mbox_file_close(out);
	}
	errno = EAGAIN;
	return fault_set(why, FAULT_TEMP, "%s is replaced again and again", path);
}

void mbox_file_close(struct mbox_file *f)
{
	if (f->fd >= 0)
		dotlock_release(f->fd, &f->lock);
	io_close_at(&f->fd);
}

size_t mbox_from_length(const struct intent *i)
{
	return (size_t)(slice_find_byte(buf_slice(&i->from_line), '\n') + 1);
}

struct slice mbox_head(const struct intent *i)
{
	return slice_from(buf_slice(&i->from_line), mbox_from_length(i));
}
