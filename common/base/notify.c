/*
 * The service manager's socket: see notify.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/io.h"

/* False: there is no such socket, or its name does not fit. */
static bool address_of(const char *name, struct sockaddr_un *out, socklen_t *len)
{
	size_t size = name ? strlen(name) : 0;

	if (size < 2 || size >= sizeof(out->sun_path) || (*name != '/' && *name != '@'))
		return false;
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(out->sun_path, name, size);
	/* unix(7): an abstract name begins with NUL and has no end but its length. */
	if (*name == '@')
		out->sun_path[0] = '\0';
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
	return true;
}

void notify_tell(const char *format, ...)
{
	struct sockaddr_un address;
	socklen_t len;
	AUTO_BUF text = { 0 };
	AUTO_FD fd = -1;
	va_list args;

	if (!address_of(getenv("NOTIFY_SOCKET"), &address, &len))
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	(void)sendto(fd, text.ptr, text.len, MSG_NOSIGNAL, (const struct sockaddr *)&address, len);
}

int64_t notify_watchdog(void)
{
	const char *limit = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	uint64_t usec, who;

	if (!limit || !slice_number(slice_text(limit), &usec) || usec > INT64_MAX)
		return 0;
	if (pid && (!slice_number(slice_text(pid), &who) || who != (uint64_t)getpid()))
		return 0;
	return usec < 2000 ? 1 : (int64_t)(usec / 2000);
}
