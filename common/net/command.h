/*
 * A command of the configuration that runs to its end: no stdin, no terminal, an end.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_COMMAND_H
#define COMMON_NET_COMMAND_H

#include "common/base/buf.h"
#include "common/base/fault.h"

struct command {
	char *const *argv;
	char *const *env;  /* NULL: ours */
	int64_t limit_ms;
	size_t output;     /* bytes of stdout to keep; 0: stdout is /dev/null */
};

/*
 * Blocking, in a session of its own. *out (room reserved by the caller, so that nothing is
 * copied) gets the first `output` bytes; what it leaves running in the background is not
 * waited for. FAULT_CONFIG: a status other than 0 (with the last line of its stderr), or
 * not over in time; FAULT_TEMP: cancel_fd (-1: none) became readable.
 */
int command_run(const struct command *c, int cancel_fd, struct buf *out, struct fault *why);

/* For argv: /bin/sh -c TEXT. */
#define COMMAND_SHELL(text) { "/bin/sh", "-c", (char *)(uintptr_t)(text), NULL }

#endif
