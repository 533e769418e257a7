/*
 * Directories: see paths.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include "common/base/buf.h"
#include "common/base/io.h"

/* LIMIT: of an entry; threads ask at the same time, so each brings its own room. */
enum { ENTRY_BYTES = 64 * 1024 };

char *paths_home(void)
{
	const char *home = getenv("HOME");
	AUTO_FREE char *room = NULL;
	struct passwd entry;
	struct passwd *found = NULL;

	if (home && home[0] == '/')
		return mem_text(home);
	room = mem_get(ENTRY_BYTES);
	if (getpwuid_r(geteuid(), &entry, room, ENTRY_BYTES, &found) != 0 || !found)
		return NULL;
	return mem_text(found->pw_dir);
}

char *paths_join(const char *dir, const char *name)
{
	AUTO_BUF path = { 0 };

	buf_addf(&path, "%s/%s", dir, name);
	return buf_give(&path);
}

char *paths_expand(const char *path)
{
	AUTO_FREE char *home = NULL;

	if (path[0] != '~' || (path[1] != '/' && path[1] != '\0'))
		return mem_text(path);
	home = paths_home();
	if (!home)
		return NULL;
	return path[1] == '\0' ? mem_text(home) : paths_join(home, path + 2);
}

/* $VARIABLE/mailrail when it is an absolute path, else HOME/FALLBACK/mailrail. */
static char *xdg_path(const char *variable, const char *fallback, struct fault *why)
{
	const char *set = getenv(variable);
	AUTO_FREE char *home = NULL;
	AUTO_BUF path = { 0 };

	if (set && set[0] == '/')
		return paths_join(set, "mailrail");
	home = paths_home();
	if (!home) {
		fault_set(why, FAULT_CONFIG, "HOME is not set and uid %u has no entry",
			(unsigned)geteuid());
		return NULL;
	}
	buf_addf(&path, "%s/%s/mailrail", home, fallback);
	return buf_give(&path);
}

char *paths_config(struct fault *why)
{
	return xdg_path("XDG_CONFIG_HOME", ".config", why);
}

char *paths_state(struct fault *why)
{
	return xdg_path("XDG_STATE_HOME", ".local/state", why);
}

char *paths_locks(struct fault *why)
{
	AUTO_FREE char *state = paths_state(why);

	return state ? paths_join(state, "run") : NULL;
}

char *paths_runtime(struct fault *why)
{
	const char *set = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	/* Another user's is not for us: su and sudo -E leave the variable as it was. */
	if (set && set[0] == '/' && stat(set, &st) == 0 && st.st_uid == geteuid() &&
		access(set, W_OK | X_OK) == 0)
		return paths_join(set, "mailrail");
	return paths_locks(why);
}

static int make_one(char *path, size_t len, mode_t mode, struct fault *why)
{
	char kept = path[len];
	char *slash;
	struct stat st;
	int result = 0;

	path[len] = '\0';
	if (mkdir(path, mode) < 0) {
		/* A link that leads nowhere exists, too. */
		if (errno != EEXIST || stat(path, &st) < 0)
			result = fault_set(why, FAULT_TEMP, "make directory %s: %s", path,
				strerror(errno));
		path[len] = kept;
		return result;
	}
	slash = strrchr(path, '/');
	if (slash && slash != path) {
		*slash = '\0';
		result = io_sync_directory(AT_FDCWD, path, why);
		*slash = '/';
	} else {
		result = io_sync_directory(AT_FDCWD, slash ? "/" : ".", why);
	}
	path[len] = kept;
	return result;
}

int paths_make(const char *path, mode_t mode, struct fault *why)
{
	AUTO_FREE char *work = mem_text(path);
	size_t len = strlen(work);
	struct stat st;

	while (len > 1 && work[len - 1] == '/')
		work[--len] = '\0';
	if (stat(work, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return 0;
		return fault_set(why, FAULT_TEMP, "%s is no directory", work);
	}
	for (size_t i = 1; i < len; i++) {
		if (work[i] == '/' && work[i - 1] != '/' && make_one(work, i, 0700, why) < 0)
			return -1;
	}
	return make_one(work, len, mode, why);
}

int paths_open(const char *path, mode_t mode, struct fault *why)
{
	int fd;

	if (paths_make(path, mode, why) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fault_set(why, FAULT_TEMP, "open directory %s: %s", path, strerror(errno));
	return fd;
}
