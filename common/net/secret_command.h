/*
 * A secret that a command prints.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SECRET_COMMAND_H
#define COMMON_NET_SECRET_COMMAND_H

#include "common/net/server.h"

/*
 * Runs it by /bin/sh -c with stdin closed, without a terminal, for 60 s at most; *out (owned,
 * to be wiped) gets the first line of its output. `setting` is its name, for sentences:
 * "the SETTING of HOST". FAULT_CONFIG: it fails (with the last line of its stderr) or prints
 * nothing; FAULT_TEMP: cancel_fd (-1: none) became readable.
 */
int secret_command(const char *command, const char *setting, const struct server *server,
	int cancel_fd, char **out, struct fault *why);

#endif
