/*
 * environment (RFC 5183): where the rules run, not the message.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/environment.h"
#include "filter/keys.h"
#include "filter/tests/test.h"

static int test_item(struct run *run, const struct node *node)
{
	bool more = run->script->capabilities & CAPABILITY_DOVECOT_ENVIRONMENT;
	AUTO_KEYS keys = { 0 };
	AUTO_BUF room = { 0 };
	struct slice name, value;
	int got;

	if (run_expand(run, node->strings[0].at, &room, &name) < 0)
		return -1;
	/* What is not known never matches, not even :count 0 or the empty key. */
	if (!environment_find(run->settings, name, more, &value))
		return 0;
	if (keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	/* Section 4: an empty item counts 0. */
	if (node->match.type == MATCH_COUNT && value.len == 0)
		return keys_finish(&keys);
	got = keys_try(&keys, value);
	return got != 0 ? got : keys_finish(&keys);
}

const struct word test_environment = {
	.name = "environment",
	.capability = CAPABILITY_ENVIRONMENT,
	.uses = USES_MATCH,
	.positions = "sS",
	.test = test_item,
};
