/*
 * Files that appear whole: see stage.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/base/io.h"

/* LIMIT: bytes gathered before a write; large enough to make the call's cost vanish. */
enum { STAGE_GATHER = 65536 };

int stage_open(int dir, const char *name, mode_t mode, struct stage *out, struct fault *why)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

	*out = (struct stage)STAGE_NONE;
	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "create %s: %s", name, strerror(errno));
	out->dir = dir;
	out->fd = fd;
	out->name = mem_text(name);
	return 0;
}

int stage_flush(struct stage *s, struct fault *why)
{
	if (s->pending.len == 0)
		return 0;
	if (io_write_all(s->fd, s->pending.ptr, s->pending.len, s->name, why) < 0)
		return -1;
	buf_clear(&s->pending);
	return 0;
}

int stage_write(struct stage *s, const void *ptr, size_t len, struct fault *why)
{
	s->size += len;
	if (s->pending.len + len < STAGE_GATHER) {
		buf_add(&s->pending, ptr, len);
		return 0;
	}
	if (stage_flush(s, why) < 0)
		return -1;
	if (len < STAGE_GATHER) {
		buf_add(&s->pending, ptr, len);
		return 0;
	}
	return io_write_all(s->fd, ptr, len, s->name, why);
}

int stage_begin_sync(struct stage *s, struct fault *why)
{
	if (stage_flush(s, why) < 0)
		return -1;
	/* Only a hint: where it is missing the fsync below does all. */
	(void)sync_file_range(s->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	return 0;
}

int stage_sync(struct stage *s, struct stat *st, struct fault *why)
{
	if (stage_flush(s, why) < 0 || io_sync(s->fd, s->name, why) < 0)
		return -1;
	if (st && fstat(s->fd, st) < 0)
		return fault_set(why, FAULT_TEMP, "stat %s: %s", s->name, strerror(errno));
	return 0;
}

int stage_rename(int dir, const char *name, int to_dir, const char *to_name, struct fault *why)
{
	int kept;

	if (renameat2(dir, name, to_dir, to_name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EINVAL || errno == ENOSYS) {
		if (faccessat(to_dir, to_name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			errno = EEXIST;
		else if (renameat(dir, name, to_dir, to_name) == 0)
			return 0;
	}
	kept = errno;
	fault_set(why, FAULT_TEMP, "rename %s to %s: %s", name, to_name, strerror(kept));
	errno = kept;
	return -1;
}

int stage_place(struct stage *s, int to_dir, const char *to_name, struct fault *why)
{
	if (s->fd >= 0 && (stage_flush(s, why) < 0 || io_close(&s->fd, s->name, why) < 0))
		return -1;
	if (stage_rename(s->dir, s->name, to_dir, to_name, why) < 0)
		return -1;
	stage_leave(s);
	return 0;
}

void stage_leave(struct stage *s)
{
	io_close_at(&s->fd);
	free(s->name);
	s->name = NULL;
	buf_free(&s->pending);
}

void stage_drop(struct stage *s)
{
	if (s->name)
		(void)unlinkat(s->dir, s->name, 0);
	stage_leave(s);
}

void stage_random_name(struct buf *out, size_t count)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	unsigned char bytes[64];

	while (count > 0) {
		size_t part = count < sizeof(bytes) ? count : sizeof(bytes);

		/* Up to 256 bytes getrandom is never short; 252 = 7 * 36 keeps it even. */
		if (getrandom(bytes, part, 0) != (ssize_t)part)
			abort();
		for (size_t i = 0; i < part; i++) {
			if (bytes[i] >= 252)
				continue;
			buf_add_byte(out, digits[bytes[i] % 36]);
			count--;
		}
	}
}
