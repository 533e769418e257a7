/*
 * A message's file in a Maildir that is read, not written.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_MAILDIR_FILE_H
#define FILTER_VERBS_MAILDIR_FILE_H

#include <sys/types.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* Adds the flags that the letters of its name stand for, parted by blanks. */
void maildir_file_flags(const char *path, struct buf *out);

/*
 * Removes that very file, also when it was renamed within its Maildir since (a reader gave it
 * flags). That it is gone is no fault. FAULT_TEMP.
 */
int maildir_file_remove(const char *path, dev_t device, ino_t inode, struct fault *why);

#endif
