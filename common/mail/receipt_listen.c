/*
 * Receipts, the side that takes them: a socket that only the last program can use.
 *
 * A socket is bound under a name that begins with "." and gets its own name by rename once
 * it listens: what bears that name and refuses connections is dead, and another program
 * that cleans up cannot take a young socket for a dead one.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/receipt.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/stage.h"
#include "common/mail/receipt_socket.h"

#define NAME_START "receipts-"
#define YOUNG_START ".receipts-"

/* LIMIT: connections that wait to be accepted; strangers among them leave by themselves. */
enum { BACKLOG = 8 };
/* LIMIT: how long an accepted peer may take for its first line. */
enum { HELLO_MS = 1000 };
/* LIMIT: a socket that was bound but never listened is left alone for so many seconds. */
enum { YOUNG_SECONDS = 3600 };
enum { NAME_RANDOM = 16, NONCE_RANDOM = 32 };

static bool nobody_listens(int dir, const char *path, const char *name)
{
	AUTO_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address;

	return fd >= 0 && receipt_address(dir, path, name, &address) &&
	       connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 &&
	       errno == ECONNREFUSED;
}

/* Names are random and never used twice: what was dead stays dead until it is unlinked. */
static void clean_one(int dir, const char *path, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISSOCK(st.st_mode))
		return;
	if (slice_starts(slice_text(name), NAME_START) && nobody_listens(dir, path, name))
		unlinkat(dir, name, 0);
	if (slice_starts(slice_text(name), YOUNG_START) &&
		st.st_mtime < clock_wall() - YOUNG_SECONDS)
		unlinkat(dir, name, 0);
}

static void clean(int dir, const char *path)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!list) {
		io_close_at(&fd);
		return;
	}
	while ((entry = readdir(list)))
		clean_one(dir, path, entry->d_name);
	closedir(list);
}

static int open_directory(struct receipt_listener *l, const char *path, struct fault *why)
{
	struct stat st;

	l->dir = paths_open(path, 0700, why);
	if (l->dir < 0)
		return -1;
	if (fstat(l->dir, &st) < 0)
		return fault_set(why, FAULT_TEMP, "stat %s: %s", path, strerror(errno));
	if (st.st_uid != geteuid() || (st.st_mode & 022) != 0)
		return fault_set(why, FAULT_TEMP,
			"%s is no place for a socket: it is not ours alone to write to", path);
	return 0;
}

/* Mode 0600 from the first moment: Linux gives the file that of the socket. */
static int bind_and_listen(struct receipt_listener *l, const char *path, const char *young,
	struct fault *why)
{
	struct sockaddr_un address;

	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0)
		return fault_set(why, FAULT_TEMP, "socket: %s", strerror(errno));
	/* It fits: the name is ours. */
	receipt_address(l->dir, path, young, &address);
	if (fchmod(l->fd, 0600) < 0 ||
		bind(l->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return fault_set(why, FAULT_TEMP, "bind %s: %s", buf_text(&l->path),
			strerror(errno));
	if (listen(l->fd, BACKLOG) == 0 && renameat(l->dir, young, l->dir, l->name) == 0)
		return 0;
	fault_set(why, FAULT_TEMP, "listen at %s: %s", buf_text(&l->path), strerror(errno));
	unlinkat(l->dir, young, 0);
	return -1;
}

static int listen_in(struct receipt_listener *l, const char *path, struct fault *why)
{
	AUTO_BUF name = { 0 };
	AUTO_BUF young = { 0 };

	if (path[0] != '/')
		return fault_set(why, FAULT_TEMP, "%s is no absolute path", path);
	if (open_directory(l, path, why) < 0)
		return -1;
	clean(l->dir, path);
	buf_add_text(&name, NAME_START);
	stage_random_name(&name, NAME_RANDOM);
	buf_addf(&young, ".%s", name.ptr);
	buf_addf(&l->path, "%s/%s", path, name.ptr);
	l->name = buf_give(&name);
	stage_random_name(&l->nonce, NONCE_RANDOM);
	if (bind_and_listen(l, path, young.ptr, why) == 0)
		return 0;
	free(l->name);
	l->name = NULL;
	return -1;
}

int receipt_listen(struct receipt_listener *out, struct fault *why)
{
	AUTO_FREE char *path = paths_runtime(why);

	*out = (struct receipt_listener)RECEIPT_LISTENER_NONE;
	if (path && listen_in(out, path, why) == 0)
		return 0;
	receipt_listener_close(out);
	return -1;
}

void receipt_announce(const struct receipt_listener *listener, struct preamble *p)
{
	p->way = RECEIPTS_UNIX;
	buf_set(&p->path, buf_slice(&listener->path));
	buf_set(&p->nonce, buf_slice(&listener->nonce));
}

/* Reads the first line and not a byte more: receipts may stand right behind it. */
static bool hello_is_right(int fd, struct slice nonce)
{
	int64_t deadline = clock_deadline(HELLO_MS);
	AUTO_BUF want = { 0 };
	char got[STREAM_NONCE_MAX + 16];
	size_t len = 0;
	unsigned char differs = 0;

	receipt_put_hello(&want, nonce);
	while (len < want.len) {
		ssize_t n = io_read(fd, got + len, want.len - len);

		if (n > 0)
			len += (size_t)n;
		else if (n == 0 || errno != EAGAIN || io_wait(fd, POLLIN, deadline) <= 0)
			return false;
	}
	for (size_t i = 0; i < len; i++)
		differs |= (unsigned char)(got[i] ^ want.ptr[i]);
	return differs == 0;
}

static void stop_listening(struct receipt_listener *l)
{
	if (l->name)
		unlinkat(l->dir, l->name, 0);
	free(l->name);
	l->name = NULL;
	io_close_at(&l->fd);
}

int receipt_accept(struct receipt_listener *listener, int *peer, struct fault *why)
{
	AUTO_FD fd = -1;

	*peer = -1;
	if (listener->fd < 0)
		return 0;
	fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
		return 0;
	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "accept at %s: %s", buf_text(&listener->path),
			strerror(errno));
	if (!receipt_peer_is_us(fd) || !hello_is_right(fd, buf_slice(&listener->nonce)))
		return 0;
	stop_listening(listener);
	*peer = fd;
	fd = -1;
	return 1;
}

void receipt_listener_close(struct receipt_listener *listener)
{
	stop_listening(listener);
	io_close_at(&listener->dir);
	buf_free(&listener->path);
	buf_free(&listener->nonce);
}
