/*
 * valid_ext_list (RFC 6134 section 2.7): all of them are lists that :list could use.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/evaluate.h"
#include "filter/tests/test.h"

static int test_lists(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };

	for (size_t i = 0; i < node->strings[0].count; i++) {
		const struct list *list;
		struct slice name;
		struct fault why;

		if (run_expand(run, &node->strings[0].at[i], &room, &name) < 0)
			return -1;
		run_saw(run, name);
		if (lists_open(&run->questions->lists, run->settings->lists, name, &list,
			    &why) < 0)
			return 0;
	}
	return 1;
}

const struct word test_valid_ext_list = {
	.name = "valid_ext_list",
	.capability = CAPABILITY_EXTLISTS,
	.positions = "S",
	.test = test_lists,
};
