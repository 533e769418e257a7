/*
 * Commands that print secrets: see secret_command.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/secret_command.h"

#include "common/net/command.h"
#include "common/net/secret_own.h"

enum {
	COMMAND_MS = 60 * 1000,  /* LIMIT: somebody may have to touch a key */
	OUTPUT_BYTES = 64 * 1024 /* LIMIT: tokens are a few KiB; the rest is thrown away */
};

int secret_run(char *const *argv, int cancel_fd, char **out, struct fault *why)
{
	const struct command command = { .argv = argv, .limit_ms = COMMAND_MS,
		.output = OUTPUT_BYTES };
	struct buf output = { 0 };
	int result;

	/* Once, of the size it may have: growing would leave copies behind. */
	buf_reserve(&output, OUTPUT_BYTES);
	result = command_run(&command, cancel_fd, &output, why);
	if (result == 0) {
		struct slice rest = buf_slice(&output);
		struct slice line = { "", 0 };

		slice_line(&rest, &line);
		result = line.len == OUTPUT_BYTES ? -1 : secret_first_line(line, out);
		if (result == 0)
			result = fault_set(why, FAULT_CONFIG, "prints nothing");
		else if (result < 0)
			fault_set(why, FAULT_CONFIG, "prints no line of text");
	}
	secret_wipe_buf(&output);
	return result < 0 ? -1 : 0;
}

int secret_command(const char *command, const char *setting, const struct server *server,
	int cancel_fd, char **out, struct fault *why)
{
	char *const argv[] = COMMAND_SHELL(command);

	if (secret_run(argv, cancel_fd, out, why) == 0)
		return 0;
	return secret_prefix(server, setting, why);
}
