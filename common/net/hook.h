/*
 * Commands around a connection: preconnect and postconnect of the configuration.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_HOOK_H
#define COMMON_NET_HOOK_H

#include "common/net/server.h"

/* What is to be run when a connection is over; owns copies, so that it may outlive all. */
struct hook;

/*
 * Blocking: runs preconnect, if there is one, with MAILRAIL_ACCOUNT and MAILRAIL_HOST in the
 * environment, without stdin, stdout and terminal, for 60 s at most. *after (NULL when there
 * is no postconnect) is for hook_after, whatever comes of the connection. FAULT_TEMP: the
 * command failed (nothing may be contacted then; *after is NULL) or cancel_fd was readable.
 */
int hook_before(const struct server *server, int cancel_fd, struct hook **after,
	struct fault *why);

/*
 * Blocking, for 10 s at most: runs postconnect and frees it. The connection is over, and its
 * outcome stands: a failure is said and no more. Harmless on NULL.
 */
void hook_after(struct hook *after);

#endif
