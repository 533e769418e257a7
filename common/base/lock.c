/*
 * flock files: see lock.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>

#include "common/base/clock.h"
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

int lock_wait(int dir, const char *name, long ms, int *fd, struct fault *why)
{
	int64_t deadline = clock_deadline(ms);
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };

	for (;;) {
		int got = lock_try(dir, name, fd, why);

		if (got != 0 || clock_poll_timeout(deadline) == 0)
			return got;
		nanosleep(&pause, NULL);
	}
}
