/*
 * Secrets that lie in files: credentials of systemd, netrc.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/net/netrc.h"
#include "common/net/secret_own.h"

/* LIMIT: systemd's own for a credential; more than any netrc holds. */
enum { FILE_BYTES = 1 << 20 };

/*
 * The whole of a plain file into *out, whose room is got once: growing would leave copies
 * behind. 1, 0 it does not exist, -1 FAULT_CONFIG.
 */
static int read_plain(const char *path, struct stat *st, struct buf *out, struct fault *why)
{
	/* Not for a FIFO in its place, which would wait. */
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0 || fstat(fd, st) < 0)
		return fault_set(why, FAULT_CONFIG, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st->st_mode))
		return fault_set(why, FAULT_CONFIG, "%s is no plain file", path);
	if (st->st_size > FILE_BYTES)
		return fault_set(why, FAULT_CONFIG, "%s is longer than %d bytes", path,
			FILE_BYTES);
	buf_reserve(out, (size_t)st->st_size + 1);
	while (out->len < (size_t)st->st_size) {
		ssize_t n = io_read(fd, out->ptr + out->len, (size_t)st->st_size - out->len);

		if (n < 0)
			return fault_set(why, FAULT_CONFIG, "%s: %s", path, strerror(errno));
		if (n == 0)
			break;
		out->len += (size_t)n;
	}
	out->ptr[out->len] = '\0';
	return 1;
}

static int take_credential(const char *path, struct buf *text, char **out, struct fault *why)
{
	struct stat st;
	int got = read_plain(path, &st, text, why);

	if (got < 0)
		return -1;
	if (got == 0)
		return fault_set(why, FAULT_CONFIG, "there is no %s", path);
	got = secret_first_line(buf_slice(text), out);
	if (got <= 0)
		return fault_set(why, FAULT_CONFIG, got < 0 ? "%s holds no line of text"
							    : "%s is empty", path);
	return 0;
}

int secret_credential(const char *name, char **out, struct fault *why)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	AUTO_FREE char *path = NULL;
	struct buf text = { 0 };
	int result;

	if (!directory || !*directory)
		return fault_set(why, FAULT_CONFIG, "$CREDENTIALS_DIRECTORY is not set "
			"(only a service with LoadCredential=%s has it)", name);
	path = paths_join(directory, name);
	result = take_credential(path, &text, out, why);
	secret_wipe_buf(&text);
	return result;
}

static int find_in(const char *path, const struct stat *st, struct slice text, const char *host,
	const char *user, struct buf *password, struct fault *why)
{
	size_t line = 0;
	int got = netrc_find(text, host, user, password, &line);

	if (got < 0)
		return fault_set(why, FAULT_CONFIG, "%s:%zu: a quote that does not end, or a "
			"keyword without its word", path, line);
	if (got > 0 && (st->st_mode & 077) != 0)
		return fault_set(why, FAULT_CONFIG, "%s has the password and can be read by "
			"others (mode %04o): chmod 600 it", path,
			(unsigned)(st->st_mode & 0777));
	return got;
}

int secret_netrc(const char *path, const char *host, const char *user, char **out,
	struct fault *why)
{
	struct buf text = { 0 };
	struct buf password = { 0 };
	struct stat st;
	int result = read_plain(path, &st, &text, why);

	if (result > 0)
		result = find_in(path, &st, buf_slice(&text), host, user, &password, why);
	if (result > 0 && memchr(password.ptr, '\0', password.len))
		result = fault_set(why, FAULT_CONFIG, "%s: the password holds a NUL", path);
	if (result > 0 && password.len == 0)
		result = 0;
	if (result > 0)
		*out = slice_copy(buf_slice(&password));
	secret_wipe_buf(&password);
	secret_wipe_buf(&text);
	return result;
}
