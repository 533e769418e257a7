/*
 * One rule file on disk: see rule_file.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/rule_file.h"

#include <errno.h>
#include <sys/stat.h>

#include "common/base/io.h"
#include "filter/compile.h"

bool rule_file_is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno != ENOENT;
}

static int read_file(const char *path, bool listed, struct stat *st, struct buf *out,
	struct fault *why)
{
	if (stat(path, st) == 0 && listed && !S_ISREG(st->st_mode))
		return fault_set(why, FAULT_TEMP, "%s is no regular file", path);
	return io_read_file(path, SCRIPT_MAX, out, why);
}

struct script *rule_file_compile(const char *path, bool listed)
{
	AUTO_BUF source = { 0 };
	struct stat st = { 0 };
	struct fault why;
	bool unread = read_file(path, listed, &st, &source, &why) < 0;
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
