/*
 * Which rules a program runs: see chosen.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/chosen.h"

int chosen_rules(const struct config *config, const struct filter_settings *settings,
	const struct strings *named, struct ruleset *set, struct fault *why)
{
	bool chosen = config_sets(config, "filter", NULL, "rules");

	set->library.personal = mem_text(settings->include_dir);
	set->library.global = mem_text(settings->global_include_dir);
	for (size_t i = 0; i < named->count; i++) {
		if (ruleset_load(set, named->at[i], RULESET_NAMED, why) < 0)
			return -1;
	}
	if (named->count > 0)
		return 0;
	return ruleset_load(set, settings->rules, chosen ? RULESET_SET : RULESET_DEFAULT, why);
}
