/*
 * An mbox file opened with care; shared by delivery (mbox.c) and recovery (mbox_recover.c).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_MBOX_H
#define DELIVER_MBOX_H

#include "deliver/dotlock.h"
#include "deliver/mailbox.h"

struct mbox_file {
	int fd;
	struct dotlock lock;
	struct stat st; /* under the lock */
};

#define MBOX_FILE_NONE { .fd = -1 }

/*
 * Opens (O_NOFOLLOW; `mode`: creates it, 0: it must be there) and locks it. It must be a
 * regular file with one link that belongs to us, and still be the file of that name when
 * the lock is had. FAULT_TEMP; errno is ENOENT when it is not there.
 */
int mbox_file_open(const char *path, mode_t mode, int64_t lock_timeout, struct mbox_file *out,
	struct fault *why);
void mbox_file_close(struct mbox_file *f);

/*
 * LIMIT: bytes of a message that its intent holds behind the From_ line. Messages of one
 * sender and one second differ in them, by Received or Message-ID: recovery must not take
 * another's message for a torn one of ours.
 */
enum { MBOX_HEAD_MAX = 512 };

/* An intent's from_line is the From_ line, so many bytes, and this head. */
size_t mbox_from_length(const struct intent *i);
struct slice mbox_head(const struct intent *i);

enum finding mbox_recover(const struct intent *i, const struct surroundings *around,
	int64_t now, struct fault *why);
int mbox_recover_sync(const char *path, struct fault *why);

#endif
