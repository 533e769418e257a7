/*
 * What a dead owner left in an mbox: see mailbox.h.
 *
 *	whole at its place                      stored
 *	a part of it, and nothing behind        cut off under the lock; absent
 *	a part of it, and others behind         left and reported (who came after has closed it
 *	                                        by an empty line); absent
 *	elsewhere in the file, whole            stored: somebody removed what stood before
 *	else                                    absent
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/say.h"
#include "deliver/mbox.h"

/* LIMIT: of a From_ line; ours have at most 350 bytes. */
enum { PIECE = 65536, FROM_MAX = 1024 };

/* Reads up to `len` bytes; fewer only at the end of the file. */
static ssize_t read_at(int fd, char *to, size_t len, uint64_t at)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, to + got, len - got, (off_t)(at + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

/* 1 the whole message stands at this place, 0 not, -1. */
static int is_whole_at(int fd, uint64_t at, const struct intent *i)
{
	AUTO_FREE char *piece = mem_get(PIECE);
	uint64_t digest = mbox_digest(MBOX_DIGEST_START, mbox_head(i));
	uint64_t left = i->length - i->from_line.len;
	ssize_t n = read_at(fd, piece, i->from_line.len, at);

	if (n != (ssize_t)i->from_line.len || memcmp(piece, i->from_line.ptr, (size_t)n) != 0)
		return n < 0 ? -1 : 0;
	at += i->from_line.len;
	while (left > 0) {
		n = read_at(fd, piece, left < PIECE ? (size_t)left : PIECE, at);
		if (n <= 0)
			return (int)n;
		digest = mbox_digest(digest, slice_of(piece, (size_t)n));
		at += (uint64_t)n;
		left -= (uint64_t)n;
	}
	return digest == i->digest;
}

/* "hh:mm:ss" in the first line of what stands behind "From ". */
static bool has_time(struct slice text)
{
	static const char form[] = "00:00:00";
	size_t at = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] != '\n' && form[at]; i++) {
		bool digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';

		if (form[at] == '0' ? digit : text.ptr[i] == ':')
			at++;
		else
			at = digit ? 2 : 0;
	}
	return form[at] == '\0';
}

/*
 * Does the rest of the file hold another message? Its From_ line stands at a line's start,
 * where ours are quoted, or right behind the torn byte, when its program did not look. What
 * is no more than like one keeps the torn part from being cut off, and that is all.
 * 1, 0, -1.
 */
static int others_follow(int fd, uint64_t at)
{
	AUTO_FREE char *piece = mem_get(PIECE);
	ssize_t n;

	while ((n = read_at(fd, piece, PIECE, at)) > 6) {
		struct slice rest = slice_of(piece + 1, (size_t)n - 1);
		const char *hit;

		while ((hit = memmem(rest.ptr, rest.len, "From ", 5)) != NULL) {
			slice_skip(&rest, (size_t)(hit - rest.ptr) + 5);
			if (hit[-1] == '\n' || has_time(slice_first(rest, FROM_MAX)))
				return 1;
		}
		if (n < PIECE)
			return 0;
		at += PIECE - FROM_MAX;
	}
	return n < 0 ? -1 : 0;
}

/* 1 and nothing else, 0 not found, -1. */
static int search(int fd, const struct intent *i)
{
	AUTO_FREE char *piece = mem_get(PIECE);
	uint64_t at = 0;
	ssize_t n;

	while ((n = read_at(fd, piece, PIECE, at)) >= (ssize_t)i->from_line.len) {
		const char *hit = memmem(piece, (size_t)n, i->from_line.ptr, i->from_line.len);

		if (!hit) {
			at += (uint64_t)n - i->from_line.len + 1;
			continue;
		}
		at += (uint64_t)(hit - piece);
		switch (is_whole_at(fd, at, i)) {
		case 1:
			return 1;
		case 0:
			at++;
			continue;
		default:
			return -1;
		}
	}
	return n < 0 ? -1 : 0;
}

/* Are the first bytes at its place its own, as far as the file goes? */
static bool begins_there(int fd, const struct intent *i, size_t len)
{
	AUTO_FREE char *piece = mem_get(len + 1);
	ssize_t n = read_at(fd, piece, len, i->start);

	return n > 0 && memcmp(piece, i->from_line.ptr, (size_t)n) == 0;
}

static enum finding cut_off(int fd, const struct intent *i, struct fault *why)
{
	if (ftruncate(fd, (off_t)i->start) == 0 && io_sync(fd, buf_text(&i->path), why) == 0)
		return FINDING_ABSENT;
	fault_set(why, FAULT_TEMP, "cut a torn message off %s: %s", buf_text(&i->path),
		strerror(errno));
	return FINDING_DOUBT;
}

static enum finding decide(const struct mbox_file *f, const struct intent *i, struct fault *why)
{
	const uint64_t size = (uint64_t)f->st.st_size;
	int whole = is_whole_at(f->fd, i->start, i);
	int others;

	if (whole == 0 && size <= i->start && f->st.st_ino == i->inode)
		return FINDING_ABSENT;
	if (whole == 0 && f->st.st_ino == i->inode &&
		begins_there(f->fd, i, mbox_from_length(i))) {
		others = others_follow(f->fd, i->start + 1);
		if (others == 0 && size < i->start + i->length &&
			begins_there(f->fd, i, i->from_line.len))
			return cut_off(f->fd, i, why);
		if (others == 1)
			say("%s: a torn message stands at byte %llu, others follow it: it is "
			    "delivered again behind them",
			    buf_text(&i->path), (unsigned long long)i->start);
	}
	if (whole == 0)
		whole = search(f->fd, i);
	if (whole >= 0)
		return whole ? FINDING_STORED : FINDING_ABSENT;
	fault_set(why, FAULT_TEMP, "read %s: %s", buf_text(&i->path), strerror(errno));
	return FINDING_DOUBT;
}

/* Without its directory something is not mounted; without the file somebody removed it. */
static bool directory_exists(const char *path)
{
	AUTO_FREE char *dir = mem_text(path);

	*strrchr(dir, '/') = '\0';
	return access(dir[0] ? dir : "/", F_OK) == 0;
}

enum finding mbox_recover(const struct intent *i, const struct surroundings *around,
	int64_t now, struct fault *why)
{
	struct mbox_file file = MBOX_FILE_NONE;
	enum finding found;

	(void)now;
	if (mbox_file_open(buf_text(&i->path), 0, around->lock_timeout, &file, why) < 0)
		return errno == ENOENT && directory_exists(buf_text(&i->path)) ? FINDING_ABSENT :
										 FINDING_DOUBT;
	found = decide(&file, i, why);
	mbox_file_close(&file);
	return found;
}

int mbox_recover_sync(const char *path, struct fault *why)
{
	AUTO_FD fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	/* All that was found there may be gone since; then nothing is left to sync. */
	if (fd < 0)
		return errno == ENOENT ? 0 : fault_set(why, FAULT_TEMP, "open %s: %s", path,
						strerror(errno));
	return io_sync(fd, path, why);
}
