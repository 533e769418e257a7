/*
 * A message that must be seen whole: see spool.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/stage.h"

static const char *directory(void)
{
	const char *set = getenv("TMPDIR");

	return set && set[0] == '/' ? set : "/tmp";
}

/* A file without a name; where the filesystem has no such, one with its name removed. */
static int open_file(struct fault *why)
{
	AUTO_BUF path = { 0 };
	int fd = open(directory(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) {
		if (fd < 0)
			fault_set(why, FAULT_TEMP, "spool in %s: %s", directory(),
				strerror(errno));
		return fd;
	}
	buf_addf(&path, "%s/mr-filter.", directory());
	stage_random_name(&path, 20);
	fd = open(path.ptr, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		fault_set(why, FAULT_TEMP, "spool %s: %s", path.ptr, strerror(errno));
	else
		unlink(path.ptr);
	return fd;
}

int spool_add(struct spool *s, struct slice bytes, struct fault *why)
{
	size_t room = SPOOL_MEMORY - s->memory.len;
	struct slice first = slice_first(bytes, room);

	s->size += bytes.len;
	buf_add_slice(&s->memory, first);
	slice_skip(&bytes, first.len);
	if (bytes.len == 0)
		return 0;
	if (s->fd < 0) {
		s->fd = open_file(why);
		if (s->fd < 0)
			return -1;
	}
	if (io_write_all(s->fd, bytes.ptr, bytes.len, "spool", why) < 0)
		return fault_prefix(why, "spool in %s", directory());
	return 0;
}

int spool_read(const struct spool *s, uint64_t from, char *ptr, size_t len, size_t *got,
	struct fault *why)
{
	ssize_t result;

	*got = 0;
	if (from < s->memory.len) {
		*got = s->memory.len - (size_t)from;
		if (*got > len)
			*got = len;
		memcpy(ptr, s->memory.ptr + from, *got);
		return 0;
	}
	if (from >= s->size)
		return 0;
	do {
		result = pread(s->fd, ptr, len, (off_t)(from - s->memory.len));
	} while (result < 0 && errno == EINTR);
	if (result <= 0)
		return fault_set(why, FAULT_TEMP, "read the spool in %s: %s", directory(),
			result < 0 ? strerror(errno) : "bytes are missing");
	*got = (size_t)result;
	return 0;
}

void spool_clear(struct spool *s)
{
	buf_clear(&s->memory);
	io_close_at(&s->fd);
	s->size = 0;
}

void spool_free(struct spool *s)
{
	spool_clear(s);
	buf_free(&s->memory);
}
