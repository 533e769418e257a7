/*
 * One rule file on disk: see rule_file.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/rule_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/io.h"
#include "filter/language/compile.h"

bool rule_file_is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno != ENOENT;
}

/* Who can write it can read all mail, send it anywhere, and run what the user runs. */
static int check_trust(const char *path, const struct stat *st, struct fault *why)
{
	if (st->st_mode & S_IWOTH)
		return fault_set(why, FAULT_CONFIG, "%s is refused: everybody may write it", path);
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return fault_set(why, FAULT_CONFIG,
			"%s is refused: its owner (user %lu) is neither root nor who runs us", path,
			(unsigned long)st->st_uid);
	return 0;
}

static int check_folder(const char *path, struct fault *why)
{
	const char *slash = strrchr(path, '/');
	AUTO_BUF folder = { 0 };
	struct stat st;

	/* "/" itself keeps its slash. */
	if (slash)
		buf_add(&folder, path, slash > path ? (size_t)(slash - path) : 1);
	else
		buf_add_byte(&folder, '.');
	if (stat(buf_text(&folder), &st) < 0)
		return fault_set(why, FAULT_TEMP, "%s: %s", folder.ptr, strerror(errno));
	return check_trust(folder.ptr, &st, why);
}

static int read_found(int fd, const char *path, enum rule_file_origin origin,
	const struct stat *st, struct buf *out, struct fault *why)
{
	if (!S_ISREG(st->st_mode))
		return fault_set(why, FAULT_TEMP, "%s is no regular file", path);
	if (origin == RULE_FILE_CONFIGURED &&
		(check_folder(path, why) < 0 || check_trust(path, st, why) < 0))
		return -1;
	return io_read_all(fd, SCRIPT_MAX, path, out, why);
}

/* O_NONBLOCK: a FIFO that nobody writes must not hold us. */
static int read_file(const char *path, enum rule_file_origin origin, struct stat *st,
	struct buf *out, struct fault *why)
{
	bool named = origin == RULE_FILE_NAMED;
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (named ? 0 : O_NONBLOCK));

	if (fd < 0 || fstat(fd, st) < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", path, strerror(errno));
	if (named)
		return io_read_all(fd, SCRIPT_MAX, path, out, why);
	return read_found(fd, path, origin, st, out, why);
}

struct script *rule_file_compile(const char *path, enum rule_file_origin origin)
{
	AUTO_BUF source = { 0 };
	struct stat st = { 0 };
	struct fault why;
	bool unread = read_file(path, origin, &st, &source, &why) < 0;
	struct script *script;

	if (unread)
		buf_clear(&source);
	script = script_compile(path, &source);
	script->device = st.st_dev;
	script->inode = st.st_ino;
	if (unread)
		problem_add(&script->problems, 1, 1, "%s", why.text);
	return script;
}
