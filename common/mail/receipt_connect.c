/*
 * Receipts, the side that gives them.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/receipt.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/time.h>

#include "common/base/io.h"
#include "common/mail/receipt_socket.h"

/* LIMIT: seconds to connect, when many do at once. */
enum { CONNECT_SECONDS = 30 };

static int nobody(const struct preamble *p, struct fault *why)
{
	return fault_set(why, FAULT_TEMP, "nobody takes receipts at %s: %s", buf_text(&p->path),
		strerror(errno));
}

static int connect_socket(const struct preamble *p, int *out, struct fault *why)
{
	const char *path = buf_text(&p->path);
	const char *slash = strrchr(path, '/'); /* it is absolute, the parser saw to that */
	AUTO_FREE char *folder = slice_copy(slice_of(path, (size_t)(slash - path)));
	AUTO_FD dir = open(slash == path ? "/" : folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD fd = -1;
	const struct timeval limit = { .tv_sec = CONNECT_SECONDS };
	struct sockaddr_un address;
	AUTO_BUF hello = { 0 };

	if (dir < 0)
		return nobody(p, why);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "socket: %s", strerror(errno));
	if (!receipt_address(dir, folder, slash + 1, &address))
		return fault_set(why, FAULT_TEMP, "%s is too long for a socket", path);
	/* Of connect on a Unix socket, too. */
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return nobody(p, why);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){ 0 }, sizeof(limit));
	if (!receipt_peer_is_us(fd))
		return fault_set(why, FAULT_TEMP, "another user takes receipts at %s", path);
	receipt_put_hello(&hello, buf_slice(&p->nonce));
	if (io_write_all(fd, hello.ptr, hello.len, path, why) < 0)
		return -1;
	*out = fd;
	fd = -1;
	return 0;
}

int receipt_connect(const struct preamble *p, int *fd, struct fault *why)
{
	*fd = -1;
	switch (p->way) {
	case RECEIPTS_NONE:
		return 0;
	case RECEIPTS_STDOUT:
		*fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		if (*fd < 0)
			return fault_set(why, FAULT_TEMP, "duplicate standard output: %s",
				strerror(errno));
		return 0;
	case RECEIPTS_UNIX:
		return connect_socket(p, fd, why);
	}
	return fault_set(why, FAULT_TEMP, "receipts go an unknown way");
}
