/*
 * Which rules a program runs: those of --rules, else those of the configuration.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_CHOSEN_H
#define FILTER_CHOSEN_H

#include "common/base/settings.h"
#include "filter/ruleset.h"

/* A folder that nobody named may be missing. As ruleset_load. */
int chosen_rules(const struct config *config, const struct filter_settings *settings,
	const struct strings *named, struct ruleset *set, struct fault *why);

#endif
