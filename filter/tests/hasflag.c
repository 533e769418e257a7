/*
 * hasflag (RFC 5232 section 4): the internal variable, or named ones.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/flags.h"
#include "filter/keys.h"
#include "filter/language/template.h"
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

static bool are_flags(const struct node *node)
{
	return node->match.type != MATCH_COUNT && node->match.type != MATCH_REGEX;
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
	if (!are_flags(node))
		return 0;
	return split_keys(checker, node);
}

/* The keys with their variables put in, cut up as those without were when compiled. */
struct split {
	struct template_list keys;
	struct template *at;
	struct piece *pieces;
	struct strings texts;
};

static void split_free(struct split *s)
{
	free(s->at);
	free(s->pieces);
	strings_free(&s->texts);
}

static int split_expanded(struct run *run, const struct template_list *keys, struct split *out)
{
	AUTO_BUF room = { 0 };
	struct slice rest;
	struct slice one;

	for (size_t i = 0; i < keys->count; i++) {
		if (run_expand(run, &keys->at[i], &room, &rest) < 0)
			return -1;
		while (flags_next(&rest, &one)) {
			if (slice_find_byte(one, '\0') < 0)
				strings_add(&out->texts, one);
		}
	}
	out->at = mem_zero(out->texts.count, sizeof(*out->at));
	out->pieces = mem_zero(out->texts.count, sizeof(*out->pieces));
	for (size_t i = 0; i < out->texts.count; i++) {
		out->pieces[i].text = slice_text(out->texts.at[i]);
		out->at[i].pieces = &out->pieces[i];
		out->at[i].piece_count = 1;
	}
	out->keys.at = out->at;
	out->keys.count = out->texts.count;
	return 0;
}

static int try_set(struct keys *keys, const struct strings *set)
{
	int got = 0;

	for (size_t i = 0; i < set->count && got == 0; i++)
		got = keys_try(keys, slice_text(set->at[i]));
	return got;
}

static int try_variable(struct run *run, struct keys *keys, struct slice name)
{
	AUTO_STRINGS set = { 0 };
	unsigned number = 0;

	for (size_t v = 0; v < run->script->variable_count; v++) {
		if (slice_equal_case(run->script->variables[v], name))
			number = (unsigned)v;
	}
	flags_add(&set, buf_slice(&run->variables[number]));
	return try_set(keys, &set);
}

static int test_sets(struct run *run, const struct node *node, const struct template_list *wanted)
{
	const struct template_list *names = &node->strings[0];
	AUTO_KEYS keys = { 0 };
	int got;

	if (keys_start(&keys, run, node, wanted) < 0)
		return -1;
	got = names->count > 0 ? 0 : try_set(&keys, &run->flags);
	for (size_t i = 0; i < names->count && got == 0; i++)
		got = try_variable(run, &keys, names->at[i].text);
	return got != 0 ? got : keys_finish(&keys);
}

static int test_flags(struct run *run, const struct node *node)
{
	const struct template_list *wanted = &node->strings[1];
	struct split split = { 0 };
	bool constant = true;
	int got;

	for (size_t i = 0; i < wanted->count; i++)
		constant = constant && wanted->at[i].constant;
	if (constant || !are_flags(node))
		return test_sets(run, node, wanted);
	got = split_expanded(run, wanted, &split);
	if (got == 0)
		got = test_sets(run, node, &split.keys);
	split_free(&split);
	return got;
}

const struct word test_hasflag = {
	.name = "hasflag",
	.capability = CAPABILITY_IMAP4FLAGS,
	.uses = USES_MATCH,
	.positions = "S?S",
	.check = check_hasflag,
	.test = test_flags,
};
