/*
 * The spool: see spool.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/io.h"

/* LIMIT: bytes gathered before a write, and read at a time. */
enum { SPOOL_PIECE = 65536 };

static int open_unnamed(struct spool *s, struct fault *why)
{
	const char *dir = getenv("TMPDIR");
	AUTO_BUF path = { 0 };

	if (!dir || dir[0] != '/')
		dir = "/tmp";
	s->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
	if (s->fd >= 0)
		return 0;
	/* Filesystems without O_TMPFILE. */
	buf_addf(&path, "%s/mr-deliver.XXXXXX", dir);
	s->fd = mkostemp(path.ptr, O_CLOEXEC);
	if (s->fd < 0)
		return fault_set(why, FAULT_TEMP, "create a file in %s: %s", dir, strerror(errno));
	(void)unlink(path.ptr);
	return 0;
}

static int flush(struct spool *s, struct fault *why)
{
	if (s->pending.len == 0)
		return 0;
	if (s->fd < 0 && open_unnamed(s, why) < 0)
		return -1;
	if (lseek(s->fd, (off_t)(s->size - s->pending.len), SEEK_SET) < 0)
		return fault_set(why, FAULT_TEMP, "seek in the spool: %s", strerror(errno));
	if (io_write_all(s->fd, s->pending.ptr, s->pending.len, "the spool in TMPDIR", why) < 0)
		return -1;
	buf_clear(&s->pending);
	return 0;
}

int spool_add(struct spool *s, const void *ptr, size_t len, struct fault *why)
{
	const char *at = ptr;

	while (len > 0) {
		size_t part = SPOOL_PIECE - s->pending.len;

		if (part > len)
			part = len;
		buf_add(&s->pending, at, part);
		s->size += part;
		at += part;
		len -= part;
		if (s->pending.len == SPOOL_PIECE && flush(s, why) < 0)
			return -1;
	}
	return 0;
}

int spool_read(struct spool *s, struct spooled what,
	int (*each)(struct slice bytes, void *context, struct fault *why), void *context,
	struct fault *why)
{
	AUTO_FREE char *piece = mem_get(SPOOL_PIECE);

	if (flush(s, why) < 0)
		return -1;
	while (what.length > 0) {
		size_t part = what.length < SPOOL_PIECE ? (size_t)what.length : SPOOL_PIECE;
		ssize_t n = pread(s->fd, piece, part, (off_t)what.start);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault_set(why, FAULT_TEMP, "read the spool: %s",
				n < 0 ? strerror(errno) : "it is cut short");
		if (each(slice_of(piece, (size_t)n), context, why) < 0)
			return -1;
		what.start += (uint64_t)n;
		what.length -= (uint64_t)n;
	}
	return 0;
}

int spool_at(struct spool *s, uint64_t at, char *ptr, size_t len, size_t *got,
	struct fault *why)
{
	ssize_t n;

	*got = 0;
	if (flush(s, why) < 0)
		return -1;
	do {
		n = s->fd < 0 ? 0 : pread(s->fd, ptr, len, (off_t)at);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_set(why, FAULT_TEMP, "read the spool: %s", strerror(errno));
	*got = (size_t)n;
	return 0;
}

void spool_empty(struct spool *s)
{
	/* Where the room cannot be given back it is used again. */
	if (s->fd >= 0 && ftruncate(s->fd, 0) < 0)
		io_close_at(&s->fd);
	buf_clear(&s->pending);
	s->size = 0;
}

void spool_close(struct spool *s)
{
	io_close_at(&s->fd);
	buf_free(&s->pending);
	*s = (struct spool)SPOOL_NONE;
}
