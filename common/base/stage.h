/*
 * A file that nobody sees until it is whole: written under a temporary name, synced,
 * then renamed into place.
 *
 * The order of the custody promise is the caller's: stage_sync for the file, stage_place,
 * then io_sync_directory of the target (and of parents that were created) before anybody
 * is told "yes". Many files may be synced together: stage_begin_sync for all, then
 * stage_sync for each.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_STAGE_H
#define COMMON_BASE_STAGE_H

#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

struct stage {
	int dir;    /* borrowed: where the temporary file lies */
	int fd;     /* owned; -1 when nothing is open */
	char *name; /* owned: the temporary name in dir; NULL once placed or dropped */
	uint64_t size;
	struct buf pending; /* gathered, not yet written */
};

#define STAGE_NONE { .dir = -1, .fd = -1 }
#define AUTO_STAGE __attribute__((cleanup(stage_drop))) struct stage

/* Creates NAME in dir (O_EXCL). FAULT_TEMP. */
int stage_open(int dir, const char *name, mode_t mode, struct stage *out, struct fault *why);

/* Adds bytes; small pieces are gathered. FAULT_TEMP: then drop it. */
int stage_write(struct stage *s, const void *ptr, size_t len, struct fault *why);

/* Writes out what is gathered. */
int stage_flush(struct stage *s, struct fault *why);

/* Flushes and tells the kernel to begin writing (sync_file_range); promises nothing. */
int stage_begin_sync(struct stage *s, struct fault *why);

/* Flushes and fsyncs. Fills *st if not NULL. After a failure the file must be dropped. */
int stage_sync(struct stage *s, struct stat *st, struct fault *why);

/*
 * Closes and renames to to_name in to_dir; never over an existing file (renameat2 with
 * RENAME_NOREPLACE; where the filesystem lacks it, a check and a plain rename: names are
 * random). FAULT_TEMP; errno is kept (EEXIST, ENOENT) for those who decide by it.
 */
int stage_place(struct stage *s, int to_dir, const char *to_name, struct fault *why);

/* The same for a name, without a stage. */
int stage_rename(int dir, const char *name, int to_dir, const char *to_name, struct fault *why);

/* Closes, and unlinks what was not placed. */
void stage_drop(struct stage *s);

/* Closes and forgets the file without unlinking it: somebody else is responsible now. */
void stage_leave(struct stage *s);

/* Adds `count` characters of 0-9a-z from getrandom. */
void stage_random_name(struct buf *out, size_t count);

#endif
