/*
 * Where things lie: the XDG directories, "~", and directories made durable.
 *
 * All texts returned are owned by the caller (malloc).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_PATHS_H
#define COMMON_BASE_PATHS_H

#include <sys/stat.h>

#include "common/base/fault.h"

/* $HOME, else the password database; NULL when there is neither. */
char *paths_home(void);

/* "~" and "~/..." with the home directory; other text as it is. NULL without a home. */
char *paths_expand(const char *path);

/* $XDG_CONFIG_HOME/mailrail, else ~/.config/mailrail, and so on. FAULT_CONFIG without HOME. */
char *paths_config(struct fault *why);
char *paths_state(struct fault *why);

/* $XDG_RUNTIME_DIR/mailrail if that is ours, else state/run: only for sockets, never for locks. */
char *paths_runtime(struct fault *why);

/* state/run: locks and owners, the same from cron and from a login shell. */
char *paths_locks(struct fault *why);

/* DIR/NAME. */
char *paths_join(const char *dir, const char *name);

/*
 * Makes the directory and its missing parents (mode, 0700 for parents too) and syncs the
 * parent of each that it made. An existing one is left as it is. FAULT_TEMP.
 */
int paths_make(const char *path, mode_t mode, struct fault *why);

/* paths_make, then opens it (O_DIRECTORY|O_CLOEXEC): the descriptor, or -1. */
int paths_open(const char *path, mode_t mode, struct fault *why);

#endif
