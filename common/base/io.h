/*
 * Descriptors: whole reads and writes, and owners that close.
 *
 * All calls repeat on EINTR. Paths are given relative to a directory descriptor where a
 * name could change under us.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_IO_H
#define COMMON_BASE_IO_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

#define AUTO_FD __attribute__((cleanup(io_close_at))) int

/* Closes unless negative, and sets -1. Errors of close are for io_close to see. */
void io_close_at(int *fd);

/* Closes and tells: a delayed write error is an error (NFS, quota). *fd becomes -1. */
int io_close(int *fd, const char *name, struct fault *why);

/* Writes all of it; `name` is for the sentence. FAULT_TEMP. */
int io_write_all(int fd, const void *ptr, size_t len, const char *name, struct fault *why);

/* One read: bytes read, 0 at the end, -1 with errno (EAGAIN included). */
ssize_t io_read(int fd, void *ptr, size_t len);

/* All that is at the descriptor, at most `limit` bytes: more is FAULT_DATA. */
int io_read_all(int fd, size_t limit, const char *name, struct buf *out, struct fault *why);

/* The whole file. A missing file is FAULT_CONFIG; other errors FAULT_TEMP. */
int io_read_file(const char *path, size_t limit, struct buf *out, struct fault *why);

/* fsync of a file or directory. A failed fsync is never repeated: what it covered is lost. */
int io_sync(int fd, const char *name, struct fault *why);

/* Opens the directory, syncs it and closes it. */
int io_sync_directory(int dir, const char *name, struct fault *why);

int io_set_nonblocking(int fd, bool on);

/* Waits until readable (POLLIN) or writable (POLLOUT): 1 ready, 0 deadline, -1 errno. */
int io_wait(int fd, short events, int64_t deadline);

/*
 * First thing in main: SIGPIPE is ignored (a gone peer is an error of write), and the
 * descriptors 0, 1 and 2 are open, so that no file of ours becomes stdout. Reading an input
 * or writing an output that was closed fails (EBADF) as before.
 */
void io_start(void);

#endif
