/*
 * The table of a wire over a connected socket: see wire.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/wire.h"

#include <sys/socket.h>

#include "common/base/io.h"

static ssize_t socket_recv(void *state, void *ptr, size_t len)
{
	return recv(*(const int *)state, ptr, len, MSG_DONTWAIT);
}

static ssize_t socket_send(void *state, const void *ptr, size_t len)
{
	return send(*(const int *)state, ptr, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void socket_close(void *state)
{
	io_close_at(state);
	free(state);
}

struct wire *wire_from_socket(int fd, const char *name, bool encrypted, int64_t timeout_ms)
{
	const struct wire_ops ops = { .recv = socket_recv, .send = socket_send,
		.close = socket_close, .fd = fd, .encrypted = encrypted, .name = name };
	int *owned = mem_get(sizeof(*owned));

	*owned = fd;
	return wire_from(&ops, owned, timeout_ms);
}
