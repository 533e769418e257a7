/*
 * Owners: see owner.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/owner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/lock.h"
#include "common/base/paths.h"
#include "common/base/stage.h"
#include "common/mail/stream.h"

/* LIMIT: mr-deliver of one user at a time; more is a mistake in a cron line. */
enum { OWNERS_MAX = 1000 };

/* LIMIT: bytes of notes read; a path for each of some ten thousand folders. */
enum { NOTES_MAX = 4 << 20 };

/* LIMIT: of the host's name in a file name, which has 255 bytes in all. */
enum { HOST_MAX = 64 };

void host_read(struct host *out)
{
	AUTO_BUF boot = { 0 };
	AUTO_BUF name = { 0 };
	char host[256] = "";

	if (io_read_file("/proc/sys/kernel/random/boot_id", 100, &boot, NULL) < 0 || boot.len < 36)
		stage_random_name(&boot, 36);
	buf_cut(&boot, 36);
	if (gethostname(host, sizeof(host) - 1) < 0 || host[0] == '\0')
		host[0] = '-';
	for (const char *c = host; *c && name.len < HOST_MAX; c++) {
		/* As the Maildir specification has it. */
		if (*c == '/' || *c == ':' || (unsigned char)*c <= ' ' || *c == 0x7f)
			buf_addf(&name, "\\%03o", (unsigned)(unsigned char)*c);
		else
			buf_add_byte(&name, *c);
	}
	out->name = buf_give(&name);
	out->boot = buf_give(&boot);
}

void host_clear(struct host *h)
{
	free(h->name);
	free(h->boot);
	*h = (struct host){ 0 };
}

static int open_run(const char *state, struct fault *why)
{
	AUTO_FREE char *run = paths_join(state, "run");

	return paths_open(run, 0700, why);
}

static int take(int dir, long number, struct owner *out, struct fault *why)
{
	AUTO_BUF name = { 0 };
	struct stat st;
	int got;

	buf_addf(&name, "deliver.%ld.lock", number);
	got = lock_try(dir, buf_text(&name), &out->fd, why);
	if (got != 1)
		return got;
	if (fstat(out->fd, &st) < 0) {
		io_close_at(&out->fd);
		return fault_set(why, FAULT_TEMP, "stat %s: %s", buf_text(&name), strerror(errno));
	}
	out->inode = st.st_ino;
	out->number = number;
	return 1;
}

int owner_take_number(const char *state, long number, struct owner *out, struct fault *why)
{
	AUTO_FD dir = open_run(state, why);
	int got;

	*out = (struct owner)OWNER_NONE;
	if (dir < 0)
		return -1;
	got = take(dir, number, out, why);
	if (got == 1) {
		out->dir = dir;
		dir = -1;
	}
	return got;
}

int owner_take(const char *state, struct owner *out, struct fault *why)
{
	for (long number = 1; number <= OWNERS_MAX; number++) {
		int got = owner_take_number(state, number, out, why);

		if (got != 0)
			return got < 0 ? -1 : 0;
	}
	return fault_set(why, FAULT_TEMP, "%d mr-deliver are at work already", OWNERS_MAX);
}

int owner_list(const char *state, long **numbers, size_t *count, struct fault *why)
{
	AUTO_FD dir = open_run(state, why);
	struct dirent *entry;
	DIR *list;

	*numbers = NULL;
	*count = 0;
	if (dir < 0)
		return -1;
	list = fdopendir(dir);
	if (!list)
		return fault_set(why, FAULT_TEMP, "read %s/run: %s", state, strerror(errno));
	dir = -1;
	while ((entry = readdir(list)) != NULL) {
		struct slice name = slice_text(entry->d_name);
		struct stat st;
		uint64_t number;

		if (!slice_starts(name, "deliver.") || !slice_ends_case(name, ".lock") ||
			name.len <= 13 ||
			!slice_number(slice_of(name.ptr + 8, name.len - 13), &number) ||
			number > OWNERS_MAX ||
			fstatat(dirfd(list), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			st.st_size == 0)
			continue;
		*numbers = mem_grow(*numbers, *count + 1, sizeof(**numbers));
		(*numbers)[(*count)++] = (long)number;
	}
	closedir(list);
	return 0;
}

int owner_note(struct owner *o, const char *directory, struct fault *why)
{
	AUTO_BUF line = { 0 };

	if (strings_has(&o->noted, directory))
		return 0;
	stream_encode(&line, slice_text(directory), false);
	buf_add_byte(&line, '\n');
	if (lseek(o->fd, 0, SEEK_END) < 0 ||
		io_write_all(o->fd, line.ptr, line.len, "the owner's lock file", why) < 0)
		return -1;
	strings_add(&o->noted, slice_text(directory));
	return 0;
}

int owner_read_notes(struct owner *o, struct strings *out, struct fault *why)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF path = { 0 };
	struct slice rest;
	struct slice line;

	if (lseek(o->fd, 0, SEEK_SET) < 0)
		return fault_set(why, FAULT_TEMP, "seek in a lock file: %s", strerror(errno));
	if (io_read_all(o->fd, NOTES_MAX, "the owner's lock file", &text, why) < 0)
		return -1;
	rest = buf_slice(&text);
	while (slice_line(&rest, &line)) {
		buf_clear(&path);
		stream_decode(&path, line);
		if (path.len > 0 && !strings_has(out, buf_text(&path)))
			strings_add(out, buf_slice(&path));
	}
	return 0;
}

static void put_prefix(const struct owner *o, struct buf *out)
{
	buf_addf(out, "mr.%ld.%llx.", o->number, (unsigned long long)o->inode);
}

void owner_put_tmp_name(const struct owner *o, const struct host *h, struct buf *out)
{
	put_prefix(o, out);
	buf_addf(out, "%.8s.", h->boot);
	stage_random_name(out, 12);
	buf_addf(out, ".%s", h->name);
}

bool owner_made(const struct owner *o, const struct host *h, const char *name)
{
	AUTO_BUF prefix = { 0 };
	size_t host = strlen(h->name);
	size_t len = strlen(name);

	put_prefix(o, &prefix);
	return len > prefix.len + host && strncmp(name, buf_text(&prefix), prefix.len) == 0 &&
		name[len - host - 1] == '.' && strcmp(name + len - host, h->name) == 0;
}

void owner_leave(struct owner *o, bool clean)
{
	/* If this fails the next one looks into the directories and finds nothing. */
	if (clean && o->fd >= 0 && ftruncate(o->fd, 0) < 0)
		clean = false;
	io_close_at(&o->fd);
	io_close_at(&o->dir);
	strings_free(&o->noted);
}
