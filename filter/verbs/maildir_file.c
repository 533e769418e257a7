/*
 * A message's file in a Maildir: see maildir_file.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/maildir_file.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/paths.h"

/* As deliver/maildir_name writes them. */
static const struct {
	char letter;
	const char *flag;
} letters[] = {
	{ 'D', "\\Draft" },
	{ 'F', "\\Flagged" },
	{ 'P', "$Forwarded" },
	{ 'R', "\\Answered" },
	{ 'S', "\\Seen" },
	{ 'T', "\\Deleted" },
};

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void maildir_file_flags(const char *path, struct buf *out)
{
	const char *at = strstr(base_of(path), ":2,");

	for (at = at ? at + 3 : ""; *at; at++) {
		for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
			if (*at != letters[i].letter)
				continue;
			if (out->len > 0)
				buf_add_byte(out, ' ');
			buf_add_text(out, letters[i].flag);
		}
	}
}

static bool is_same(const char *path, dev_t device, ino_t inode)
{
	struct stat st;

	return lstat(path, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

static int remove_it(const char *path, struct fault *why)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return fault_set(why, FAULT_TEMP, "%s is stored, but cannot be removed: %s", path,
			strerror(errno));
	return 0;
}

/* Looks for it under another name with the same begin. 1 removed, 0 not there, -1. */
static int remove_in(const char *folder, struct slice unique, dev_t device, ino_t inode,
	struct fault *why)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int result = 0;

	while (dir && result == 0 && (entry = readdir(dir))) {
		AUTO_FREE char *path = paths_join(folder, entry->d_name);

		if (slice_equal(slice_first(slice_text(entry->d_name), unique.len), unique) &&
			is_same(path, device, inode))
			result = remove_it(path, why) < 0 ? -1 : 1;
	}
	if (dir)
		closedir(dir);
	return result;
}

int maildir_file_remove(const char *path, dev_t device, ino_t inode, struct fault *why)
{
	const char *base = base_of(path);
	AUTO_FREE char *folder = slice_copy(slice_of(path, (size_t)(base - path)));
	AUTO_FREE char *cur = paths_join(folder, "../cur");
	AUTO_FREE char *new = paths_join(folder, "../new");
	struct slice unique = slice_first(slice_text(base), strcspn(base, ":"));
	int got;

	if (is_same(path, device, inode))
		return remove_it(path, why);
	got = remove_in(cur, unique, device, inode, why);
	if (got == 0)
		got = remove_in(new, unique, device, inode, why);
	return got < 0 ? -1 : 0;
}
