/*
 * hasflag (RFC 5232 section 4): the internal variable, or named ones.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/complaint.h"
#include "filter/flags.h"
#include "filter/keys.h"
#include "filter/template.h"
#include "filter/tests/test.h"

static int check_name(struct checker *checker, const struct template *name)
{
	unsigned number;

	if (!name->constant || !template_is_identifier(name->text))
		return checker_complain_at(checker, name,
			"expected the name of a variable: letters, digits and _");
	if (template_variable(checker->script, name->text, &number) < 0)
		return checker_complain_at(checker, name, "too many variables");
	return 0;
}

/* Keys may hold several flags parted by blanks: cut up, so that each is a key. */
static int split_keys(struct checker *checker, struct node *node)
{
	struct template_list *keys = &node->strings[1];
	struct template *split = NULL;
	size_t count = 0;
	int result;

	for (size_t i = 0; i < keys->count; i++) {
		struct slice rest = keys->at[i].text;
		struct slice one;

		if (!keys->at[i].constant) {
			split = mem_grow(split, count + 1, sizeof(*split));
			split[count++] = keys->at[i];
			continue;
		}
		while (flags_next(&rest, &one)) {
			split = mem_grow(split, count + 1, sizeof(*split));
			split[count] = keys->at[i];
			split[count].regex = NULL;
			split[count++].text = one;
		}
	}
	keys->at = arena_copy(&checker->script->arena, split, count, sizeof(*split));
	keys->count = count;
	free(split);
	result = keys_prepare(checker, node, keys);
	return result;
}

static int check_hasflag(struct checker *checker, struct node *node)
{
	const struct template_list *names = &node->strings[0];

	if (names->count > 0 && !(checker->script->capabilities & CAPABILITY_VARIABLES))
		return checker_complain_at(checker, names->at,
			"the name of a variable expected require \"variables\" at the top");
	for (size_t i = 0; i < names->count; i++) {
		if (check_name(checker, &names->at[i]) < 0)
			return -1;
	}
	if (node->match.type == MATCH_COUNT || node->match.type == MATCH_REGEX)
		return 0;
	return split_keys(checker, node);
}

static int try_set(struct keys *keys, const struct strings *set)
{
	int got = 0;

	for (size_t i = 0; i < set->count && got == 0; i++)
		got = keys_try(keys, slice_text(set->at[i]));
	return got;
}

static int test_flags(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };

	if (keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	if (node->strings[0].count == 0) {
		int got = try_set(&keys, &run->flags);

		return got != 0 ? got : keys_finish(&keys);
	}
	for (size_t i = 0; i < node->strings[0].count; i++) {
		AUTO_STRINGS set = { 0 };
		unsigned number = 0;
		int got;

		for (size_t v = 0; v < run->script->variable_count; v++) {
			if (slice_equal_case(run->script->variables[v],
				node->strings[0].at[i].text))
				number = (unsigned)v;
		}
		flags_add(&set, buf_slice(&run->variables[number]));
		got = try_set(&keys, &set);
		if (got != 0)
			return got;
	}
	return keys_finish(&keys);
}

const struct word test_hasflag = {
	.name = "hasflag",
	.capability = CAPABILITY_IMAP4FLAGS,
	.uses = USES_MATCH,
	.positions = "S?S",
	.check = check_hasflag,
	.test = test_flags,
};
