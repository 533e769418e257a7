/*
 * Locks between processes of one user: flock on a file that is never unlinked.
 *
 * The lock lives as long as the descriptor (O_CLOEXEC: no child keeps it alive) and ends
 * with the process, however it ends. For locks on mailboxes see deliver/.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_LOCK_H
#define COMMON_BASE_LOCK_H

#include "common/base/fault.h"

/*
 * Opens (and creates, 0600) NAME in dir and takes the lock without waiting.
 * 1: taken, *fd is owned by the caller; 0: somebody else holds it; -1: FAULT_TEMP.
 */
int lock_try(int dir, const char *name, int *fd, struct fault *why);

#endif
