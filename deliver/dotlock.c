/*
 * fcntl and dot locks: see dotlock.h.
 *
 * A lock file of ours holds "PID HOST". It is stale when it was made on this host by a
 * process that is gone, or when neither it nor the mailbox changed for five minutes.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/dotlock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/io.h"

/* LIMIT: a lock and a mailbox that both rest so long belong to nobody. */
enum { STALE_SECONDS = 300 };

enum { PAUSE_MS = 50, TOUCH_MS = 60000, HELPER_MS = 10000 };

static const char helper_program[] = "/usr/bin/dotlockfile";

/* Locks of the open file, so that no other descriptor of ours can give them up. */
static int kernel_lock(int fd, short kind)
{
	struct flock lock = { .l_type = kind, .l_whence = SEEK_SET };
	int got;

	do {
		got = fcntl(fd, F_OFD_SETLK, &lock);
	} while (got < 0 && errno == EINTR);
	return got;
}

static void put_content(struct buf *out)
{
	char host[256] = "";

	(void)gethostname(host, sizeof(host) - 1);
	buf_addf(out, "%ld %s\n", (long)getpid(), host);
}

static bool maker_is_dead(const char *path)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF own = { 0 };
	struct slice rest;
	struct slice word;
	uint64_t pid;

	if (io_read_file(path, 1024, &text, NULL) < 0)
		return false;
	put_content(&own);
	rest = buf_slice(&text);
	/* Content without a host's name (liblockfile, procmail's "0") tells nothing for sure. */
	if (!slice_cut(&rest, ' ', &word) || !slice_number(word, &pid) || pid == 0 ||
		pid > INT32_MAX ||
		!slice_equal(rest, slice_from(buf_slice(&own),
			(size_t)slice_find_byte(buf_slice(&own), ' ') + 1)))
		return false;
	return kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

static void remove_if_stale(int fd, const char *path)
{
	struct stat lock;
	struct stat again;
	struct stat box;
	int64_t now = clock_wall();

	if (lstat(path, &lock) < 0 || fstat(fd, &box) < 0)
		return;
	if (!maker_is_dead(path) &&
		(now - lock.st_mtime < STALE_SECONDS || now - box.st_mtime < STALE_SECONDS))
		return;
	/* We hold the fcntl lock: of those who take that first, nobody else is here. */
	if (lstat(path, &again) == 0 && again.st_ino == lock.st_ino &&
		again.st_mtime == lock.st_mtime)
		(void)unlink(path);
}

static int write_content(int fd)
{
	AUTO_BUF content = { 0 };

	put_content(&content);
	return write(fd, content.ptr, content.len) == (ssize_t)content.len ? 0 : -1;
}

/* An unnamed file that gets its name when it has its content: a crash between the two would
 * leave a lock of which nobody knows whose it is. 0, or -1 and errno. */
static int make_whole(const char *path)
{
	AUTO_FREE char *dir = mem_text(path);
	AUTO_BUF self = { 0 };
	AUTO_FD fd = -1;

	*strrchr(dir, '/') = '\0';
	fd = open(dir[0] ? dir : "/", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0 || write_content(fd) < 0)
		return -1;
	buf_addf(&self, "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, buf_text(&self), AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

static int make_plain(const char *path)
{
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	int kept;

	if (fd < 0)
		return -1;
	if (write_content(fd) == 0)
		return 0;
	kept = errno;
	(void)unlink(path);
	errno = kept;
	return -1;
}

/* 1 made, 0 somebody has it, -1 not allowed here; -2 errno. */
static int make_file(const char *path)
{
	struct stat st;
	int got;

	if (lstat(path, &st) == 0)
		return 0;
	got = make_whole(path);
	if (got < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL ||
			       errno == ENOENT || errno == EXDEV))
		got = make_plain(path);
	if (got == 0)
		return 1;
	if (errno == EEXIST)
		return 0;
	return errno == EACCES || errno == EPERM || errno == EROFS ? -1 : -2;
}

static int run_helper(const char *option, const char *path)
{
	const char *const argv[] = { helper_program, option, "-r", "0", path, NULL };
	AUTO_BUF out = { 0 };

	return child_capture((char *const *)argv, SLICE(""), 1024, clock_deadline(HELPER_MS), &out,
		NULL);
}

/* 1 taken (or not possible and not needed), 0 held by somebody, -1 fault. */
static int try_dot(int fd, const char *path, struct dotlock *out, struct fault *why)
{
	AUTO_BUF name = { 0 };
	int got;

	buf_addf(&name, "%s.lock", path);
	remove_if_stale(fd, buf_text(&name));
	got = make_file(buf_text(&name));
	if (got == -2)
		return fault_set(why, FAULT_TEMP, "create %s: %s", buf_text(&name),
			strerror(errno));
	if (got == -1) {
		if (access(helper_program, X_OK) < 0)
			return 1;
		if (run_helper("-l", buf_text(&name)) < 0)
			return access(buf_text(&name), F_OK) == 0 ? 0 : 1;
		out->helper = true;
	}
	if (got != 0) {
		out->path = buf_give(&name);
		out->fresh = clock_tick();
	}
	return got != 0;
}

int dotlock_take(int fd, const char *path, int64_t ms, struct dotlock *out, struct fault *why)
{
	const int64_t deadline = clock_deadline(ms);
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000 * 1000 };
	bool kernel = false;

	*out = (struct dotlock){ 0 };
	for (;;) {
		kernel = kernel_lock(fd, F_WRLCK) == 0;
		if (!kernel && errno != EAGAIN && errno != EACCES)
			return fault_set(why, FAULT_TEMP, "lock %s: %s", path, strerror(errno));
		if (kernel) {
			int got = try_dot(fd, path, out, why);

			if (got == 1)
				return 0;
			(void)kernel_lock(fd, F_UNLCK);
			if (got < 0)
				return -1;
		}
		if (clock_poll_timeout(deadline) == 0)
			return fault_set(why, FAULT_TEMP,
				kernel ? "%s.lock is held by another program" :
					 "%s is locked by another program", path);
		nanosleep(&pause, NULL);
	}
}

void dotlock_touch(struct dotlock *lock)
{
	if (!lock->path || clock_tick() - lock->fresh < TOUCH_MS)
		return;
	lock->fresh = clock_tick();
	(void)utimensat(AT_FDCWD, lock->path, NULL, AT_SYMLINK_NOFOLLOW);
}

void dotlock_release(int fd, struct dotlock *lock)
{
	if (lock->path && lock->helper)
		(void)run_helper("-u", lock->path);
	else if (lock->path)
		(void)unlink(lock->path);
	free(lock->path);
	*lock = (struct dotlock){ 0 };
	(void)kernel_lock(fd, F_UNLCK);
}
