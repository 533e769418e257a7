/*
 * Descriptors: see io.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"

void io_close_at(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int io_close(int *fd, const char *name, struct fault *why)
{
	int closed = close(*fd);

	*fd = -1;
	/* On Linux the descriptor is gone after EINTR, too. */
	if (closed < 0 && errno != EINTR)
		return fault_set(why, FAULT_TEMP, "close %s: %s", name, strerror(errno));
	return 0;
}

int io_write_all(int fd, const void *ptr, size_t len, const char *name, struct fault *why)
{
	const char *at = ptr;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN && io_wait(fd, POLLOUT, CLOCK_NEVER) > 0)
			continue;
		if (n < 0)
			return fault_set(why, FAULT_TEMP, "write %s: %s", name, strerror(errno));
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t io_read(int fd, void *ptr, size_t len)
{
	ssize_t n;

	do {
		n = read(fd, ptr, len);
	} while (n < 0 && errno == EINTR);
	return n;
}

int io_read_all(int fd, size_t limit, const char *name, struct buf *out, struct fault *why)
{
	for (;;) {
		ssize_t n;

		buf_reserve(out, 16384);
		n = io_read(fd, out->ptr + out->len, out->room - out->len - 1);
		if (n < 0)
			return fault_set(why, FAULT_TEMP, "read %s: %s", name, strerror(errno));
		if (n == 0)
			return 0;
		out->len += (size_t)n;
		out->ptr[out->len] = '\0';
		if (out->len > limit)
			return fault_set(why, FAULT_DATA, "%s is longer than %zu bytes", name, limit);
	}
}

int io_read_file(const char *path, size_t limit, struct buf *out, struct fault *why)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fault_set(why, errno == ENOENT ? FAULT_CONFIG : FAULT_TEMP, "open %s: %s",
			path, strerror(errno));
	return io_read_all(fd, limit, path, out, why);
}

int io_sync(int fd, const char *name, struct fault *why)
{
	int synced;

	do {
		synced = fsync(fd);
	} while (synced < 0 && errno == EINTR);
	if (synced < 0)
		return fault_set(why, FAULT_TEMP, "sync %s: %s", name, strerror(errno));
	return 0;
}

int io_sync_directory(int dir, const char *name, struct fault *why)
{
	AUTO_FD fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "open directory %s: %s", name, strerror(errno));
	return io_sync(fd, name, why);
}

int io_set_nonblocking(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -1;
	return fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int io_wait(int fd, short events, int64_t deadline)
{
	for (;;) {
		struct pollfd one = { .fd = fd, .events = events };
		int n = poll(&one, 1, clock_poll_timeout(deadline));

		if (n >= 0)
			return n;
		if (errno != EINTR)
			return -1;
	}
}

void io_start(void)
{
	struct stat st;

	signal(SIGPIPE, SIG_IGN);
	for (int fd = 0; fd <= 2; fd++) {
		/*
		 * open takes the lowest free number, which is this one. Closed input and output
		 * are opened the wrong way: to use them stays an error, for nobody may be told
		 * that mail went where nothing arrives.
		 */
		if (fstat(fd, &st) < 0 && errno == EBADF &&
			open("/dev/null", fd == 1 ? O_RDONLY : O_WRONLY) != fd)
			_exit(FAULT_TEMP);
	}
}
