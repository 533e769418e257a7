/*
 * Finding a program that may be run: see program_find.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/program_find.h"

#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/paths.h"
#include "common/base/utf8.h"

/* Where programs of the system lie; ours need no more. */
#define CLEAN_PATH "/usr/local/bin:/usr/bin:/bin"

/* Control characters (C0, DEL, C1), slash, line and paragraph separator. */
static bool is_prohibited(uint32_t c)
{
	return c < 0x20 || c == '/' || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029;
}

int program_check_name(struct slice name, struct fault *why)
{
	if (name.len == 0)
		return fault_set(why, FAULT_DATA, "the name of a program is empty");
	if (name.len > PROGRAM_NAME_MAX)
		return fault_set(why, FAULT_DATA,
			"the name of a program has %zu bytes, expected at most %d", name.len,
			PROGRAM_NAME_MAX);
	if (!utf8_valid(name))
		return fault_set(why, FAULT_DATA, "the name of a program is not UTF-8");
	if (name.ptr[0] == '.')
		return fault_set(why, FAULT_DATA,
			"the name of a program begins with a dot, expected a plain name");
	for (struct slice rest = name; rest.len > 0;) {
		int len = utf8_length(rest);

		if (is_prohibited(utf8_value(rest, len)))
			return fault_set(why, FAULT_DATA,
				"the name of a program holds a slash or a control character, "
				"expected the name of a file in the folder \"programs\"");
		slice_skip(&rest, (size_t)len);
	}
	return 0;
}

int program_check_argument(struct slice argument, struct fault *why)
{
	if (argument.len > PROGRAM_ARGUMENT_MAX)
		return fault_set(why, FAULT_DATA, "an argument of %zu bytes, expected at most %d",
			argument.len, PROGRAM_ARGUMENT_MAX);
	if (slice_find_byte(argument, '\0') >= 0 || slice_find_byte(argument, '\n') >= 0 ||
		slice_find_byte(argument, '\r') >= 0)
		return fault_set(why, FAULT_DATA, "a line end or a NUL byte in an argument");
	return 0;
}

/* Whoever else could change it could make us run what he likes. */
static int check_owner(const char *path, const struct stat *st, struct fault *why)
{
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return fault_set(why, FAULT_CONFIG, "%s belongs to somebody else: not run", path);
	if (st->st_mode & S_IWOTH)
		return fault_set(why, FAULT_CONFIG,
			"%s can be written by everybody: not run (chmod o-w)", path);
	return 0;
}

static int check_folder(const char *folder, const char *name, struct fault *why)
{
	struct stat st;

	if (!folder)
		return fault_set(why, FAULT_CONFIG, "program %s: no folder of programs", name);
	if (stat(folder, &st) < 0)
		return fault_set(why, FAULT_CONFIG, "program %s: folder %s: %s", name, folder,
			strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return fault_set(why, FAULT_CONFIG, "program %s: %s is no folder", name, folder);
	return check_owner(folder, &st, why);
}

int program_find(const char *folder, const char *name, char **out, struct fault *why)
{
	AUTO_FREE char *path = NULL;
	struct stat st;

	if (program_check_name(slice_text(name), why) < 0)
		return -1;
	if (check_folder(folder, name, why) < 0)
		return -1;
	path = paths_join(folder, name);
	if (stat(path, &st) < 0)
		return fault_set(why, FAULT_CONFIG, "program %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fault_set(why, FAULT_CONFIG, "program %s is no regular file", path);
	if (check_owner(path, &st, why) < 0)
		return -1;
	if (access(path, X_OK) < 0)
		return fault_set(why, FAULT_CONFIG, "program %s: %s (chmod u+x)", path,
			strerror(errno));
	*out = path;
	path = NULL;
	return 0;
}

static void add_variable(struct strings *out, const char *name, const char *value)
{
	AUTO_BUF text = { 0 };

	if (!value)
		return;
	buf_addf(&text, "%s=%s", name, value);
	strings_add(out, buf_slice(&text));
}

void program_environment(const struct strings *more, struct strings *out)
{
	const struct passwd *me = getpwuid(geteuid());
	AUTO_FREE char *home = paths_home();

	add_variable(out, "HOME", home);
	add_variable(out, "USER", me ? me->pw_name : NULL);
	add_variable(out, "LOGNAME", me ? me->pw_name : NULL);
	add_variable(out, "SHELL", "/bin/sh");
	add_variable(out, "PATH", CLEAN_PATH);
	add_variable(out, "LANG", getenv("LANG") ? getenv("LANG") : "C.UTF-8");
	add_variable(out, "TZ", getenv("TZ"));
	add_variable(out, "TMPDIR", getenv("TMPDIR"));
	for (size_t i = 0; more && i < more->count; i++)
		strings_add(out, slice_text(more->at[i]));
}
