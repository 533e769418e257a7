/*
 * An unlinked file: see scratch.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/paths.h"

/* LIMIT: gathered before it is written. */
enum { PENDING_MAX = 64 << 10 };

static int open_file(struct scratch *s, struct fault *why)
{
	const char *dir = getenv("TMPDIR");
	AUTO_FREE char *path = NULL;

	if (s->fd >= 0)
		return 0;
	if (!dir || dir[0] != '/')
		dir = "/tmp";
	path = paths_join(dir, "mailrail.XXXXXX");
	s->fd = mkostemp(path, O_CLOEXEC);
	if (s->fd < 0)
		return fault_set(why, FAULT_TEMP, "create %s: %s", path, strerror(errno));
	(void)unlink(path);
	return 0;
}

static int write_out(struct scratch *s, struct fault *why)
{
	if (open_file(s, why) < 0 ||
		io_write_all(s->fd, s->pending.ptr, s->pending.len, "temporary file", why) < 0)
		return -1;
	buf_clear(&s->pending);
	return 0;
}

int scratch_add(struct scratch *s, struct slice bytes, struct fault *why)
{
	buf_add_slice(&s->pending, bytes);
	s->size += bytes.len;
	return s->pending.len >= PENDING_MAX ? write_out(s, why) : 0;
}

int scratch_reader(struct scratch *s, struct fault *why)
{
	AUTO_BUF path = { 0 };
	int fd;

	if (write_out(s, why) < 0)
		return -1;
	buf_addf(&path, "/proc/self/fd/%d", s->fd);
	fd = open(buf_text(&path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", buf_text(&path), strerror(errno));
	return fd;
}

int scratch_clear(struct scratch *s, struct fault *why)
{
	buf_clear(&s->pending);
	s->size = 0;
	if (s->fd >= 0 && (ftruncate(s->fd, 0) < 0 || lseek(s->fd, 0, SEEK_SET) < 0))
		return fault_set(why, FAULT_TEMP, "temporary file: %s", strerror(errno));
	return 0;
}

void scratch_free(struct scratch *s)
{
	io_close_at(&s->fd);
	buf_free(&s->pending);
	s->size = 0;
}
