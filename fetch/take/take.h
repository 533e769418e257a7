/*
 * --mda, --files and --to: mr-fetch's own ends of the pipe, as program lines for --into.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_TAKE_TAKE_H
#define FETCH_TAKE_TAKE_H

#include <stdbool.h>

#include "common/base/settings.h"

/* How messages are handed on. At most one is not NULL; none: the stream goes to stdout. */
struct take_wish {
	const char *into;
	const char *mda;
	const char *to;
	const char *files;
};

bool take_is_wished(const struct take_wish *w);

/* The section "fetch" of the configuration: who stores the mail, and how much at once. */
struct take_settings {
	char *into;
	char *mda;
	char *to;
	char *files;
	long sessions; /* at once with one server */
};
#define AUTO_TAKE_SETTINGS __attribute__((cleanup(take_settings_free))) struct take_settings
int take_settings_read(const struct config *config, struct take_settings *out,
	struct fault *why);
void take_settings_free(struct take_settings *s);

/*
 * The program line; stays empty for stdout, which --into - means, too. `config`: of -c, for
 * mr-relay; may be NULL. FAULT_USAGE: two wishes at once, or one that makes no sense;
 * FAULT_CONFIG: no such program.
 */
int take_line(const struct take_wish *w, const char *config, struct buf *out,
	struct fault *why);

/* mr-fetch as such a program: "--take-mda" COMMAND, "--take-files" DIR. */
bool take_is_called(int argc, char **argv);
int take_run(char **argv); /* the exit status */

#endif
