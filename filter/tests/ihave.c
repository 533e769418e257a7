/*
 * ihave (RFC 5463 section 4): are these extensions there? Then they may be used from here on.
 *
 * What comes behind one that names an extension which nobody here knows may hold words that
 * nobody knows: they are errors when they are run, not before.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/evaluate.h"
#include "filter/tests/test.h"

/* They change how a script is read, and it has been read already. */
static bool changes_grammar(capability_set bit)
{
	return bit == CAPABILITY_ENCODED_CHARACTER || bit == CAPABILITY_VARIABLES;
}

/* All of them, or 0 when one is missing. */
static capability_set find_all(const struct script *script, const struct template_list *names,
	bool *foreign)
{
	capability_set all = 0;
	bool lacks = false;

	for (size_t i = 0; i < names->count; i++) {
		capability_set bit = vocabulary_capability(names->at[i].text);

		*foreign = *foreign || bit == 0;
		lacks = lacks || bit == 0 ||
			(changes_grammar(bit) && !(script->capabilities & bit));
		all |= bit;
	}
	return lacks ? 0 : all;
}

static int check_ihave(struct checker *checker, struct node *node)
{
	const struct template_list *names = &node->strings[0];
	struct script *script = checker->script;
	capability_set *all = arena_get(&script->arena, sizeof(*all));

	for (size_t i = 0; i < names->count; i++) {
		if (!names->at[i].constant)
			return checker_complain_at(checker, &names->at[i],
				"expected a string without variables");
	}
	*all = find_all(script, names, &script->foreign);
	script->asked |= *all & ~script->capabilities;
	script->capabilities |= *all;
	node->own = all;
	return 0;
}

static int test_capabilities(struct run *run, const struct node *node)
{
	const capability_set *all = node->own;

	run->found |= *all;
	return *all != 0;
}

const struct word test_ihave = {
	.name = "ihave",
	.capability = CAPABILITY_IHAVE,
	.positions = "S",
	.check = check_ihave,
	.test = test_capabilities,
};
