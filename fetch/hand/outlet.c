/*
 * The writing end of the stream: see outlet.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/io.h"

/* LIMIT: bytes already written that are still held. */
enum { WRITTEN_MAX = 512 << 10 };

int outlet_open(struct outlet *o, int fd, struct fault *why)
{
	o->fd = fd;
	o->flags = fcntl(fd, F_GETFL);
	o->written = 0;
	if (io_set_nonblocking(fd, true) < 0)
		return fault_set(why, FAULT_TEMP, "the mail stream: %s", strerror(errno));
	return 0;
}

void outlet_close(struct outlet *o)
{
	if (o->fd < 0)
		return;
	if (o->flags >= 0)
		(void)fcntl(o->fd, F_SETFL, o->flags);
	if (o->fd == STDOUT_FILENO) {
		AUTO_FD null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		if (null >= 0)
			(void)dup2(null, STDOUT_FILENO);
		o->fd = -1;
	}
	io_close_at(&o->fd);
	buf_free(&o->bytes);
	o->written = 0;
}

size_t outlet_waiting(const struct outlet *o)
{
	return o->bytes.len - o->written;
}

int outlet_write(struct outlet *o)
{
	int moved = 0;

	while (o->fd >= 0 && outlet_waiting(o) > 0) {
		ssize_t n = write(o->fd, o->bytes.ptr + o->written, outlet_waiting(o));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			return -1;
		o->written += (size_t)n;
		moved = 1;
	}
	if (o->written == o->bytes.len || o->written >= WRITTEN_MAX) {
		buf_drop(&o->bytes, o->written);
		o->written = 0;
	}
	return moved;
}

bool outlet_is_lost(const struct outlet *o)
{
	struct pollfd out = { .fd = o->fd };

	return o->fd >= 0 && poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}
