/*
 * Section `filter` of the configuration.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_SETTINGS_H
#define FILTER_SETTINGS_H

#include "common/base/settings.h"
#include "filter/ruleset.h"

struct filter_settings {
	char *rules; /* a folder of rule files, or one file */
	struct limits limits;
};

extern const struct setting filter_setting_rows[];

/*
 * The rules of --rules, else those of the configuration: a folder that nobody named may be
 * missing. As ruleset_load.
 */
int filter_settings_rules(const struct config *config, const struct filter_settings *settings,
	const struct strings *named, struct ruleset *set, struct fault *why);

#endif
