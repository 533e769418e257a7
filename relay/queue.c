/*
 * The spool directory: see queue.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/queue.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/stage.h"

/* LIMIT: one envelope: all recipients at full length with some dozen events each. */
enum { ENVELOPE_FILE_MAX = 256 << 20 };

void queue_close(struct queue *q)
{
	io_close_at(&q->root);
	io_close_at(&q->content);
	io_close_at(&q->entries);
	io_close_at(&q->staging);
	io_close_at(&q->failed);
	io_close_at(&q->corrupt);
	io_close_at(&q->hosts);
	free(q->path);
	q->path = NULL;
}

/* What no later attempt will change is "cannot create"; all else may pass. */
static int creation_fault(struct fault *why, const char *path, const char *name)
{
	int error = errno;
	bool lasting = error == EACCES || error == EPERM || error == EROFS ||
		       error == ENOTDIR || error == ENAMETOOLONG || error == ELOOP;

	return fault_set(why, lasting ? FAULT_CREATE : FAULT_TEMP, "queue directory %s%s%s: %s",
		path, name ? "/" : "", name ? name : "", strerror(error));
}

static int open_part(const struct queue *q, const char *name, int *fd, bool *made,
	struct fault *why)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;

	*fd = openat(q->root, name, flags);
	if (*fd >= 0)
		return 0;
	if (errno != ENOENT)
		return creation_fault(why, q->path, name);
	if (mkdirat(q->root, name, 0700) < 0 && errno != EEXIST)
		return creation_fault(why, q->path, name);
	*made = true;
	*fd = openat(q->root, name, flags);
	return *fd < 0 ? creation_fault(why, q->path, name) : 0;
}

int queue_open(const char *path, struct queue *out, struct fault *why)
{
	AUTO_QUEUE q = QUEUE_NONE;
	bool made = false;

	q.path = mem_text(path);
	errno = 0;
	q.root = paths_open(path, 0700, why);
	if (q.root < 0) {
		if (errno == EACCES || errno == EPERM || errno == EROFS || errno == ENOTDIR)
			why->kind = FAULT_CREATE;
		return -1;
	}
	if (open_part(&q, "content", &q.content, &made, why) < 0 ||
		open_part(&q, "queue", &q.entries, &made, why) < 0 ||
		open_part(&q, "staging", &q.staging, &made, why) < 0 ||
		open_part(&q, "failed", &q.failed, &made, why) < 0 ||
		open_part(&q, "corrupt", &q.corrupt, &made, why) < 0 ||
		open_part(&q, "hosts", &q.hosts, &made, why) < 0)
		return -1;
	if (made && io_sync(q.root, path, why) < 0)
		return -1;
	*out = q;
	q = (struct queue)QUEUE_NONE;
	return 0;
}

bool queue_is_id(const char *text)
{
	size_t len = strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz");

	return len == QUEUE_ID_LENGTH && text[len] == '\0';
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int queue_list(const struct queue *q, struct strings *ids, struct strings *strangers,
	struct fault *why)
{
	int fd = openat(q->root, "queue", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *one;

	if (!dir) {
		fault_set(why, FAULT_TEMP, "read %s/queue: %s", q->path, strerror(errno));
		io_close_at(&fd);
		return -1;
	}
	while ((one = readdir(dir)) != NULL) {
		if (queue_is_id(one->d_name))
			strings_add(ids, slice_text(one->d_name));
		else if (strangers && strcmp(one->d_name, ".") != 0 &&
			 strcmp(one->d_name, "..") != 0)
			strings_add(strangers, slice_text(one->d_name));
	}
	closedir(dir);
	/* An id begins with the time: sorted by name is sorted by age. */
	if (ids->count > 0)
		qsort(ids->at, ids->count, sizeof(*ids->at), compare_texts);
	return 0;
}

void entry_close(struct entry *e)
{
	io_close_at(&e->fd);
	free(e->id);
	e->id = NULL;
	envelope_free(&e->envelope);
}

/* What open says of a link, a socket, a directory. */
static bool is_no_file(int error)
{
	return error == ELOOP || error == ENXIO || error == EISDIR;
}

static int open_envelope(const struct queue *q, const char *id, int *fd, struct fault *why)
{
	struct stat st;

	/* O_NONBLOCK: a FIFO that somebody put there must not stop us. */
	*fd = openat(q->entries, id, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (*fd < 0 && errno == ENOENT)
		return 0;
	if (*fd < 0)
		return fault_set(why, is_no_file(errno) ? FAULT_DATA : FAULT_TEMP,
			"open %s/queue/%s: %s", q->path, id, strerror(errno));
	if (fstat(*fd, &st) < 0 || !S_ISREG(st.st_mode))
		return fault_set(why, FAULT_DATA, "%s/queue/%s is no file", q->path, id);
	return 1;
}

static int read_entry(const struct queue *q, const char *id, struct entry *e, struct fault *why)
{
	AUTO_BUF text = { 0 };

	e->id = mem_text(id);
	if (io_read_all(e->fd, ENVELOPE_FILE_MAX, id, &text, why) < 0 ||
		envelope_read(buf_slice(&text), &e->envelope, why) < 0)
		return fault_prefix(why, "%s/queue/%s", q->path, id);
	return 1;
}

int queue_look(const struct queue *q, const char *id, struct entry *out, struct fault *why)
{
	AUTO_ENTRY e = ENTRY_NONE;
	int got = open_envelope(q, id, &e.fd, why);

	if (got <= 0 || read_entry(q, id, &e, why) < 0)
		return got <= 0 ? got : -1;
	*out = e;
	e = (struct entry)ENTRY_NONE;
	return 1;
}

int queue_claim(const struct queue *q, const char *id, struct entry *out, struct fault *why)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct stat st;
	int got = open_envelope(q, id, &e.fd, why);

	if (got <= 0)
		return got;
	if (flock(e.fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK || errno == EINTR)
			return 0;
		return fault_set(why, FAULT_TEMP, "lock %s/queue/%s: %s", q->path, id,
			strerror(errno));
	}
	/* Who had the lock before us may have finished with it and unlinked it. */
	if (fstat(e.fd, &st) < 0 || st.st_nlink == 0)
		return 0;
	if (read_entry(q, id, &e, why) < 0)
		return -1;
	*out = e;
	e = (struct entry)ENTRY_NONE;
	return 1;
}

int queue_append(struct entry *e, struct slice lines, bool sync, struct fault *why)
{
	/* Cuts off a torn tail, also one that a failed append of ours left. */
	if (ftruncate(e->fd, (off_t)e->envelope.whole) < 0)
		return fault_set(why, FAULT_TEMP, "%s: cut torn line: %s", e->id, strerror(errno));
	if (io_write_all(e->fd, lines.ptr, lines.len, e->id, why) < 0 ||
		(sync && io_sync(e->fd, e->id, why) < 0))
		return -1;
	return envelope_apply(&e->envelope, lines, why);
}

int queue_reserve(struct entry *e, size_t bytes, struct fault *why)
{
	if (fallocate(e->fd, FALLOC_FL_KEEP_SIZE, (off_t)e->envelope.whole, (off_t)bytes) == 0 ||
		errno == EOPNOTSUPP || errno == ENOSYS)
		return 0;
	return fault_set(why, FAULT_TEMP, "reserve room for results: %s", strerror(errno));
}

int queue_content(const struct queue *q, const char *id, struct fault *why)
{
	int fd = openat(q->content, id, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		fault_set(why, errno == ENOENT || errno == ELOOP ? FAULT_DATA : FAULT_TEMP,
			"open %s/content/%s: %s", q->path, id, strerror(errno));
	return fd;
}

int queue_remove(const struct queue *q, const char *id, struct fault *why)
{
	if (unlinkat(q->entries, id, 0) < 0 && errno != ENOENT)
		return fault_set(why, FAULT_TEMP, "remove %s/queue/%s: %s", q->path, id,
			strerror(errno));
	if (unlinkat(q->content, id, 0) < 0 && errno != ENOENT)
		return fault_set(why, FAULT_TEMP, "remove %s/content/%s: %s", q->path, id,
			strerror(errno));
	return 0;
}

int queue_set_aside(const struct queue *q, const char *name, int where, struct fault *why)
{
	AUTO_BUF other = { 0 };

	errno = 0;
	if (stage_rename(q->entries, name, where, name, why) < 0) {
		if (errno != EEXIST)
			return -1;
		buf_addf(&other, "%.200s.", name);
		stage_random_name(&other, 8);
		if (stage_rename(q->entries, name, where, buf_text(&other), why) < 0)
			return -1;
	}
	if (io_sync(where, q->path, why) < 0)
		return -1;
	return io_sync(q->entries, q->path, why);
}
