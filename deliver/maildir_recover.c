/*
 * Recovery in a Maildir: see maildir_recover.h.
 *
 *	tmp/ not there, or another filesystem   doubt: something is not mounted
 *	the file is in tmp/                     finish the rename
 *	gone, same boot, younger than 36 h      stored: only we take it out of tmp/
 *	gone, else                              stored if it is found in new/ or cur/, by name
 *	                                        or by inode, size and mtime; else absent
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/maildir_recover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "common/base/io.h"
#include "deliver/maildir_name.h"

static int open_part(const char *path, const char *part)
{
	AUTO_BUF full = { 0 };

	buf_addf(&full, "%s/%s", path, part);
	return open(buf_text(&full), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Devices may be numbered anew at boot; the filesystem's own identity stays. */
static bool same_filesystem(int dir, const struct intent *i)
{
	struct statfs fs;
	struct stat st;
	uint64_t volume = 0;

	if (fstat(dir, &st) < 0)
		return false;
	if (fstatfs(dir, &fs) == 0)
		memcpy(&volume, &fs.f_fsid, sizeof(fs.f_fsid) < 8 ? sizeof(fs.f_fsid) : 8);
	if (volume != 0 && volume == i->volume)
		return true;
	return st.st_dev == i->device && (volume == 0 || i->volume == 0);
}

static bool same_file(const struct stat *st, const struct intent *i)
{
	return st->st_ino == i->inode && (uint64_t)st->st_size == i->size &&
		(int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec == i->mtime;
}

/* 1 found, 0 not, -1 the directory cannot be read: then nothing is known. */
static int find_message(const struct intent *i, const char *part)
{
	int fd = open_part(buf_text(&i->path), part);
	struct dirent *entry;
	struct stat st;
	int found = 0;
	DIR *list;

	list = fd >= 0 ? fdopendir(fd) : NULL;
	if (!list) {
		io_close_at(&fd);
		return -1;
	}
	errno = 0;
	while (!found && (entry = readdir(list)) != NULL) {
		found = maildir_same_name(entry->d_name, buf_text(&i->base));
		/* MUAs may rename as they like: the inode tells, where readdir knows it. */
		if (!found && entry->d_ino == i->inode &&
			fstatat(dirfd(list), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			found = same_file(&st, i);
		errno = 0;
	}
	if (!found && errno != 0)
		found = -1;
	closedir(list);
	return found;
}

static enum finding doubt(const struct intent *i, const char *what, struct fault *why)
{
	fault_set(why, FAULT_TEMP, "%s: %s", buf_text(&i->path), what);
	return FINDING_DOUBT;
}

static enum finding look_for(const struct intent *i, const struct surroundings *around,
	int64_t now, struct fault *why)
{
	int in_new;
	int in_cur;

	if (slice_equal(buf_slice(&i->boot), slice_text(around->host->boot)) &&
		now - i->made < MAILDIR_CLEAN_AGE)
		return FINDING_STORED;
	in_new = find_message(i, "new");
	in_cur = find_message(i, "cur");
	if (in_new == 1 || in_cur == 1)
		return FINDING_STORED;
	/* A MUA moves from new/ to cur/: it may have done so between the two looks. */
	if (in_new == 0 && in_cur == 0)
		return find_message(i, "cur") == 1 ? FINDING_STORED : FINDING_ABSENT;
	return doubt(i, "cannot be read", why);
}

enum finding maildir_recover(const struct intent *i, const struct surroundings *around,
	int64_t now, struct fault *why)
{
	AUTO_FD tmp = open_part(buf_text(&i->path), "tmp");
	AUTO_FD to = open_part(buf_text(&i->path), buf_text(&i->place));
	struct stat st;

	if (tmp < 0 || to < 0 || !same_filesystem(tmp, i))
		return doubt(i, "not there, or on another filesystem", why);
	if (fstatat(tmp, buf_text(&i->tmp), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		stage_rename(tmp, buf_text(&i->tmp), to, buf_text(&i->base), why) == 0)
		return FINDING_STORED;
	if (errno != ENOENT)
		return doubt(i, strerror(errno), why);
	return look_for(i, around, now, why);
}

int maildir_recover_sync(const char *path, struct fault *why)
{
	static const char *const parts[] = { "new", "cur" };

	for (int i = 0; i < 2; i++) {
		AUTO_FD fd = open_part(path, parts[i]);

		if (fd < 0)
			return fault_set(why, FAULT_TEMP, "open %s/%s: %s", path, parts[i],
				strerror(errno));
		if (io_sync(fd, parts[i], why) < 0)
			return fault_prefix(why, "%s", path);
	}
	return 0;
}

int maildir_sweep(const char *path, const struct owner *owner, const struct host *host,
	struct ledger *ledger, struct fault *why)
{
	int fd = open_part(path, "tmp");
	struct dirent *entry;
	int result = 0;
	DIR *list;

	if (fd < 0 && errno == ENOENT)
		return 0;
	list = fd >= 0 ? fdopendir(fd) : NULL;
	if (!list) {
		fault_set(why, FAULT_TEMP, "read %s/tmp: %s", path, strerror(errno));
		io_close_at(&fd);
		return -1;
	}
	while (result == 0 && (entry = readdir(list)) != NULL) {
		int known;

		if (!owner_made(owner, host, entry->d_name))
			continue;
		known = ledger_tmp_is_known(ledger, entry->d_name, why);
		if (known == 0)
			(void)unlinkat(dirfd(list), entry->d_name, 0);
		result = known < 0 ? -1 : 0;
	}
	closedir(list);
	return result;
}
