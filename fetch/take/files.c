/*
 * A file for each message: see files.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/take/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "common/base/stage.h"
#include "common/mail/date.h"
#include "common/mail/header.h"
#include "common/mail/taker.h"

/* LIMIT: messages with one id and different bytes. */
enum { TWINS_MAX = 1000 };
/* Files of a run that was killed, after so many seconds (DESIGN section 4: 36 hours). */
enum { STALE = 36 * 3600 };

static const char unfinished[] = ".mr-fetch-";

struct files {
	int dir;
	const char *path;
};

/* RFC 3339 without what a file name should not have: 20260131T235959Z. */
static void put_time(const struct taker_message *m, struct buf *out)
{
	AUTO_BUF stamp = { 0 };
	AUTO_BUF value = { 0 };
	struct field field;
	int64_t when = 0;

	buf_add_slice(&stamp, buf_slice(&m->frame->received));
	if (!date_read_stamp(buf_slice(&stamp), &when)) {
		if (header_find(m->header, "Date", &field))
			header_unfold(field.body, &value);
		if (!date_read_header(buf_slice(&value), &when, NULL))
			when = 0;
	}
	buf_clear(&stamp);
	date_put_stamp(&stamp, when);
	for (size_t i = 0; i < stamp.len; i++) {
		if (stamp.ptr[i] != '-' && stamp.ptr[i] != ':')
			buf_add_byte(out, stamp.ptr[i]);
	}
}

/* FNV-1a, 64 bits: two ids with one digest are told apart by their bytes. */
static uint64_t digest(struct slice id)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.ptr[i]) * 0x100000001b3u;
	return hash;
}

static void put_name(const struct taker_message *m, unsigned twin, struct buf *out)
{
	put_time(m, out);
	if (m->frame->id.len)
		buf_addf(out, "-%016llx", (unsigned long long)digest(buf_slice(&m->frame->id)));
	if (twin > 1)
		buf_addf(out, "-%u", twin);
	buf_add_text(out, ".eml");
}

static int same_bytes(int a, int b)
{
	char one[16384];
	char other[sizeof(one)];

	if (lseek(a, 0, SEEK_SET) < 0)
		return -1;
	for (;;) {
		ssize_t got = io_read(a, one, sizeof(one));
		ssize_t want = 0;

		while (got > 0 && want < got) {
			ssize_t n = io_read(b, other + want, (size_t)(got - want));

			if (n <= 0)
				return n < 0 ? -1 : 0;
			want += n;
		}
		if (got < 0)
			return -1;
		if (got == 0)
			return io_read(b, other, 1) == 0;
		if (memcmp(one, other, (size_t)got) != 0)
			return 0;
	}
}

/* Is it there already, and durable? 1, 0, -1. */
static int is_there(const struct files *f, const struct taker_message *m, const char *name,
	struct fault *why)
{
	AUTO_FD fd = openat(f->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	int same;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return errno == ELOOP ? 0 : fault_set(why, FAULT_TEMP, "%s/%s: %s", f->path, name,
							   strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != m->size)
		return 0;
	same = same_bytes(m->fd, fd);
	if (same < 0)
		return fault_set(why, FAULT_TEMP, "read %s/%s: %s", f->path, name,
			strerror(errno));
	if (same && (io_sync(fd, name, why) < 0 || io_sync(f->dir, f->path, why) < 0))
		return -1;
	return same;
}

static int copy(int fd, struct stage *to, struct fault *why)
{
	char piece[65536];
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return fault_set(why, FAULT_TEMP, "read the message: %s", strerror(errno));
	while ((n = io_read(fd, piece, sizeof(piece))) > 0) {
		if (stage_write(to, piece, (size_t)n, why) < 0)
			return -1;
	}
	if (n < 0)
		return fault_set(why, FAULT_TEMP, "read the message: %s", strerror(errno));
	return stage_sync(to, NULL, why);
}

static int put_file(const struct files *f, const struct taker_message *m, struct fault *why)
{
	AUTO_STAGE stage = STAGE_NONE;
	AUTO_BUF tmp = { 0 };

	buf_add_text(&tmp, unfinished);
	stage_random_name(&tmp, 16);
	if (stage_open(f->dir, buf_text(&tmp), 0600, &stage, why) < 0 ||
		copy(m->fd, &stage, why) < 0)
		return -1;
	for (unsigned twin = 1; twin <= TWINS_MAX; twin++) {
		AUTO_BUF name = { 0 };
		int there;

		put_name(m, twin, &name);
		there = is_there(f, m, buf_text(&name), why);
		if (there != 0)
			return there < 0 ? -1 : 0;
		if (stage_place(&stage, f->dir, buf_text(&name), why) == 0)
			return io_sync(f->dir, f->path, why);
		if (errno != EEXIST)
			return -1;
	}
	return fault_set(why, FAULT_TEMP, "more than %d messages have this id", TWINS_MAX);
}

static void take(void *arg, const struct taker_message *m, struct taker_result *results)
{
	const struct files *f = arg;

	if (put_file(f, m, &results[0].why) < 0) {
		fault_prefix(&results[0].why, "%s", f->path);
		results[0].verdict = RECEIPT_DEFERRED;
	}
}

static void sweep(const struct files *f)
{
	int copied = dup(f->dir);
	DIR *list = copied < 0 ? NULL : fdopendir(copied);
	const struct dirent *e;
	struct stat st;

	if (!list) {
		io_close_at(&copied);
		return;
	}
	while ((e = readdir(list)) != NULL) {
		if (strncmp(e->d_name, unfinished, sizeof(unfinished) - 1) == 0 &&
			fstatat(f->dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			st.st_mtime < clock_wall() - STALE)
			(void)unlinkat(f->dir, e->d_name, 0);
	}
	closedir(list);
}

int files_take(const char *dir, const char *recipient, struct fault *why)
{
	AUTO_FREE char *path = paths_expand(dir);
	AUTO_FD fd = paths_open(path ? path : dir, 0700, why);
	struct files f = { .dir = fd, .path = dir };
	const struct taker taker = { .target = dir, .recipient = recipient, .whole = true,
		.take = take, .arg = &f };

	if (fd < 0) {
		say("%s", why->text);
		return -1;
	}
	sweep(&f);
	return taker_run(&taker, STDIN_FILENO, why);
}
