/*
 * Unix sockets at any path, for the two sides of receipts alone.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_RECEIPT_SOCKET_H
#define COMMON_MAIL_RECEIPT_SOCKET_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/base/buf.h"

/* The first line on a socket: "nonce NONCE" LF. */
static inline void receipt_put_hello(struct buf *out, struct slice nonce)
{
	buf_add_text(out, "nonce ");
	buf_add_slice(out, nonce);
	buf_add_byte(out, '\n');
}

/*
 * NAME in the directory `dir`, whose path is `folder`. sun_path has 108 bytes: what does
 * not fit goes through the descriptor, which must stay open until bind or connect. False
 * when the name alone is too long.
 */
static inline bool receipt_address(int dir, const char *folder, const char *name,
	struct sockaddr_un *address)
{
	const size_t room = sizeof(address->sun_path);
	int len;

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	len = snprintf(address->sun_path, room, "%s/%s", folder, name);
	if (len >= (int)room)
		len = snprintf(address->sun_path, room, "/proc/self/fd/%d/%s", dir, name);
	return len < (int)room;
}

/* The other end runs as our user. */
static inline bool receipt_peer_is_us(int fd)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
	       peer.uid == geteuid();
}

#endif
