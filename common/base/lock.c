/*
 * flock files: see lock.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include "common/base/io.h"

int lock_try(int dir, const char *name, int *fd, struct fault *why)
{
	AUTO_FD file = openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int locked;

	if (file < 0)
		return fault_set(why, FAULT_TEMP, "open lock %s: %s", name, strerror(errno));
	do {
		locked = flock(file, LOCK_EX | LOCK_NB);
	} while (locked < 0 && errno == EINTR);
	if (locked < 0 && errno == EWOULDBLOCK)
		return 0;
	if (locked < 0)
		return fault_set(why, FAULT_TEMP, "lock %s: %s", name, strerror(errno));
	*fd = file;
	file = -1;
	return 1;
}
