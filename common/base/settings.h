/*
 * The configuration file: libconfig syntax, our sections as tables of rows.
 *
 * $XDG_CONFIG_HOME/mailrail/config, or /etc/mailrail/config, or the file of -c. Without
 * any of them every setting has its default. A file that holds a secret ("password",
 * "client-secret") and can be read by others is refused. Unknown names, wrong types and
 * values out of range are FAULT_CONFIG with FILE:LINE; nothing is contacted before. The same
 * holds for files that @include names, from the folder of the configuration.
 *
 * A section is a struct of plain members and a table of rows that name them:
 *
 *	struct deliver_settings { char *inbox; int64_t lock_timeout; };
 *	static const struct setting rows[] = {
 *		SETTING(deliver_settings, inbox, "inbox", TEXT, "maildir:~/Mail", "..."),
 *		SETTING(deliver_settings, lock_timeout, "lock-timeout", TIME, "60s", "..."),
 *		SETTING_END,
 *	};
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_SETTINGS_H
#define COMMON_BASE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"
#include "common/base/setting_row.h"

struct config;

/* Opens `path`, or the default file if NULL. *out is owned (config_close). */
int config_open(const char *path, struct config **out, struct fault *why);
void config_close(struct config *config);
#define AUTO_CONFIG __attribute__((cleanup(config_close_at))) struct config
void config_close_at(struct config **config);

/* The file's path, or NULL when there is none. */
const char *config_path(const struct config *config);

/* Names of the groups in a section of groups ("account", "smarthost"), in file order. */
int config_names(const struct config *config, const char *section, struct strings *out,
	struct fault *why);

/* FILE:LINE of a section or of one group in it, for sentences; name may be NULL. */
void config_place(const struct config *config, const char *section, const char *name,
	struct buf *out);

/*
 * Fills *values (zeroed by us first) from section, or from group `name` in it. Missing
 * ones get their default. `*values` is freed by settings_free, also after a fault.
 */
int settings_read(const struct config *config, const char *section, const char *name,
	const struct setting *rows, size_t size, void *values, struct fault *why);
void settings_free(const struct setting *rows, void *values);

/* Have two of them (settings_read) the same values? */
bool settings_same(const struct setting *rows, const void *a, const void *b);

/* True when the group sets this name itself (to tell a default from a wish). */
bool config_sets(const struct config *config, const char *section, const char *name,
	const char *setting);

#endif
