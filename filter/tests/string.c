/*
 * string (RFC 5229 section 5): values made of variables.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/keys.h"
#include "filter/tests/test.h"

static int test_strings(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_BUF room = { 0 };

	if (keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	for (size_t i = 0; i < node->strings[0].count; i++) {
		struct slice value;
		int got = run_expand(run, &node->strings[0].at[i], &room, &value);

		/* :count of an empty string is 0 */
		if (got == 0 && (value.len > 0 || node->match.type != MATCH_COUNT))
			got = keys_try(&keys, value);
		if (got != 0)
			return got;
	}
	return keys_finish(&keys);
}

const struct word test_string = {
	.name = "string",
	.capability = CAPABILITY_VARIABLES,
	.uses = USES_MATCH | USES_LIST,
	.positions = "SS",
	.test = test_strings,
};
