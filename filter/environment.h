/*
 * Where rules run: the items of RFC 5183 and of vnd.dovecot.environment. All of them come from
 * the settings, so that a decision can be repeated elsewhere.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_ENVIRONMENT_H
#define FILTER_ENVIRONMENT_H

#include "filter/settings.h"

/*
 * The item of that name, in any case: true and *out (into the settings, or constant). `more`:
 * those of vnd.dovecot too. "_" in a name is "-" as well, for variables (section 4 there).
 */
bool environment_find(const struct filter_settings *settings, struct slice name, bool more,
	struct slice *out);

#endif
