/*
 * The configuration file, added to: see setup_write.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/setup_write.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/settings.h"
#include "common/base/stage.h"
#include "fetch/account.h"
#include "fetch/verbs/setup_insert.h"

/* LIMIT: of a file that a person wrote. */
enum { CONFIG_BYTES = 1024 * 1024 };

struct file {
	char *folder;
	const char *name; /* within path */
	char *path;
	int dir;
	bool there;
	struct stat st;
	struct buf text;
};

static void file_free(struct file *f)
{
	if (f->text.ptr)
		explicit_bzero(f->text.ptr, f->text.len);
	buf_free(&f->text);
	io_close_at(&f->dir);
	free(f->folder);
	free(f->path);
}

/* A link is followed to the file itself: people keep such files elsewhere. */
static int find(const char *path, struct file *f, struct fault *why)
{
	struct stat st;
	char *slash;

	f->path = realpath(path, NULL);
	if (!f->path && errno != ENOENT)
		return fault_set(why, FAULT_TEMP, "%s: %s", path, strerror(errno));
	if (!f->path && lstat(path, &st) == 0)
		return fault_set(why, FAULT_CONFIG, "%s is a link to nothing", path);
	if (!f->path)
		f->path = strchr(path, '/') ? mem_text(path) : paths_join(".", path);
	slash = strrchr(f->path, '/');
	f->name = slash + 1;
	f->folder = slice_copy(slice_of(f->path, slash == f->path ? 1 : (size_t)(slash - f->path)));
	f->dir = paths_open(f->folder, 0700, why);
	return f->dir < 0 ? -1 : 0;
}

static int read_text(struct file *f, struct fault *why)
{
	AUTO_FD fd = openat(f->dir, f->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	f->there = fd >= 0;
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &f->st) < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", f->path, strerror(errno));
	if (!S_ISREG(f->st.st_mode))
		return fault_set(why, FAULT_CONFIG, "%s is no plain file", f->path);
	if (f->st.st_uid != geteuid())
		return fault_set(why, FAULT_CONFIG, "%s belongs to somebody else", f->path);
	return io_read_all(fd, CONFIG_BYTES, f->path, &f->text, why);
}

static int stage_text(const struct file *f, struct slice text, struct stage *out,
	struct fault *why)
{
	mode_t mode = f->there ? f->st.st_mode & 0777 : 0600;
	AUTO_BUF name = { 0 };

	buf_addf(&name, "%s.", f->name);
	stage_random_name(&name, 12);
	if (stage_open(f->dir, buf_text(&name), 0600, out, why) < 0)
		return -1;
	if (fchmod(out->fd, mode) < 0)
		return fault_set(why, FAULT_TEMP, "chmod %s: %s", f->path, strerror(errno));
	if (stage_write(out, text.ptr, text.len, why) < 0)
		return -1;
	return stage_sync(out, NULL, why);
}

/* Over what may be there, which is known. */
static int replace(const struct file *f, struct stage *s, const char *name, struct fault *why)
{
	if (renameat(f->dir, s->name, f->dir, name) < 0)
		return fault_set(why, FAULT_TEMP, "rename to %s/%s: %s", f->folder, name,
			strerror(errno));
	stage_leave(s);
	return 0;
}

/* Are there the groups that were there, those of ours, and no others? */
static int check_names(const struct config *before, const struct config *after,
	const char *section, const struct setup_group *groups, size_t count, struct fault *why)
{
	AUTO_STRINGS old = { 0 };
	AUTO_STRINGS all = { 0 };
	size_t ours = 0;

	if ((before && config_names(before, section, &old, why) < 0) ||
		config_names(after, section, &all, why) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(groups[i].section, section) != 0)
			continue;
		ours++;
		if (strings_has(&old, groups[i].name) || !strings_has(&all, groups[i].name))
			return fault_set(why, FAULT_CONFIG, "%s %s finds no place in it", section,
				groups[i].name);
	}
	for (size_t i = 0; i < old.count; i++) {
		if (!strings_has(&all, old.at[i]))
			return fault_set(why, FAULT_CONFIG, "%s %s would be lost", section,
				old.at[i]);
	}
	if (all.count != old.count + ours)
		return fault_set(why, FAULT_CONFIG, "section %s would not be as it should",
			section);
	return 0;
}

static int check(const struct file *f, const struct stage *s, const struct setup_group *groups,
	size_t count, struct fault *why)
{
	AUTO_FREE char *path = paths_join(f->folder, s->name);
	AUTO_CONFIG *before = NULL;
	AUTO_CONFIG *after = NULL;
	AUTO_ACCOUNTS accounts = { 0 };
	AUTO_STRINGS every = { 0 };

	if ((f->there && config_open(f->path, &before, why) < 0) ||
		config_open(path, &after, why) < 0)
		return -1;
	if (check_names(before, after, "account", groups, count, why) < 0 ||
		check_names(before, after, "smarthost", groups, count, why) < 0)
		return -1;
	return accounts_read(after, &every, &accounts, why);
}

/* Somebody may have had it in an editor. */
static bool is_unchanged(const struct file *f)
{
	struct stat now;

	if (fstatat(f->dir, f->name, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	return now.st_ino == f->st.st_ino && now.st_size == f->st.st_size &&
		now.st_mtim.tv_sec == f->st.st_mtim.tv_sec &&
		now.st_mtim.tv_nsec == f->st.st_mtim.tv_nsec;
}

static int put_in_place(const struct file *f, struct stage *s, struct fault *why)
{
	AUTO_STAGE backup = STAGE_NONE;
	AUTO_BUF name = { 0 };

	if (!f->there) {
		if (stage_place(s, f->dir, f->name, why) < 0)
			return -1;
		return io_sync_directory(f->dir, f->folder, why);
	}
	buf_addf(&name, "%s~", f->name);
	if (stage_text(f, buf_slice(&f->text), &backup, why) < 0 ||
		replace(f, &backup, buf_text(&name), why) < 0)
		return -1;
	if (!is_unchanged(f))
		return fault_set(why, FAULT_TEMP, "%s was changed meanwhile", f->path);
	if (replace(f, s, f->name, why) < 0)
		return -1;
	return io_sync_directory(f->dir, f->folder, why);
}

static int write_file(struct file *f, const struct setup_group *groups, size_t count,
	struct fault *why)
{
	AUTO_STAGE staged = STAGE_NONE;
	AUTO_BUF text = { 0 };
	int result = 0;

	buf_set(&text, buf_slice(&f->text));
	for (size_t i = 0; i < count && result == 0; i++) {
		AUTO_BUF next = { 0 };

		result = setup_insert(buf_slice(&text), groups[i].section,
			buf_text(&groups[i].text), &next, why);
		buf_swap(&text, &next);
		if (next.ptr)
			explicit_bzero(next.ptr, next.len);
	}
	if (result < 0)
		fault_prefix(why, "%s", f->path);
	else if (stage_text(f, buf_slice(&text), &staged, why) < 0 ||
		check(f, &staged, groups, count, why) < 0 || put_in_place(f, &staged, why) < 0)
		result = -1;
	if (text.ptr)
		explicit_bzero(text.ptr, text.len);
	return result;
}

int setup_write(const char *path, const struct setup_group *groups, size_t count,
	struct fault *why)
{
	struct file f = { .dir = -1 };
	int result = -1;

	if (find(path, &f, why) == 0 && read_text(&f, why) == 0)
		result = write_file(&f, groups, count, why);
	file_free(&f);
	return result;
}
