/*
 * What must be in a message for a test to be true: see guard.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/index/guard.h"

#include "filter/index/literals.h"
#include "filter/match.h"
#include "filter/tests/test.h"

/* LIMIT: a glob that cannot hit the budget of match_glob in a value that is scanned. */
enum { GLOB_MAX = 2048 };

static void add(struct guard *g, uint32_t source, bool whole, struct slice text)
{
	if (g->count == g->room) {
		g->room = g->room ? g->room * 2 : 64;
		g->atoms = mem_grow(g->atoms, g->room, sizeof(*g->atoms));
	}
	g->atoms[g->count++] = (struct atom){ text, source, whole };
}

static struct slice keep_folded(struct guard *g, struct slice text)
{
	AUTO_BUF folded = { 0 };

	match_fold(&folded, text);
	return arena_slice(&g->arena, buf_slice(&folded));
}

/* Of an expression: each of its alternatives. */
static bool guard_regex(struct guard *g, const struct template *key, uint32_t source)
{
	AUTO_LITERALS l = { 0 };

	literals_of_regex(key->text, &l);
	for (size_t i = 0; i < l.texts.count; i++)
		add(g, source, false, arena_slice(&g->arena, slice_text(l.texts.at[i])));
	return l.texts.count > 0;
}

static bool guard_glob(struct guard *g, const struct template *key, uint32_t source)
{
	AUTO_BUF text = { 0 };

	if (key->text.len > GLOB_MAX)
		return false;
	literals_of_glob(key->text, &text);
	if (text.len > 0)
		add(g, source, false, arena_slice(&g->arena, buf_slice(&text)));
	return text.len > 0;
}

static bool guard_key(struct guard *g, const struct node *node, const struct template *key,
	uint32_t source)
{
	struct slice folded;

	if (!key->constant)
		return false;
	if (node->match.type == MATCH_REGEX)
		return guard_regex(g, key, source);
	if (node->match.type == MATCH_MATCHES)
		return guard_glob(g, key, source);
	folded = node->match.comparator == COMPARE_CASEMAP ? key->folded
							   : keep_folded(g, key->text);
	if (node->match.type == MATCH_CONTAINS && folded.len == 0)
		return false;
	add(g, source, node->match.type == MATCH_IS, folded);
	return true;
}

static bool all_constant(const struct template_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!list->at[i].constant)
			return false;
	}
	return true;
}

/* Match types and comparators whose atoms we know: all others are evaluated. */
static bool is_plain(const struct node *node)
{
	enum match_type type = node->match.type;

	return !node->mime &&
		(type == MATCH_IS || type == MATCH_CONTAINS || type == MATCH_MATCHES ||
			type == MATCH_REGEX) &&
		(node->match.comparator == COMPARE_CASEMAP ||
			node->match.comparator == COMPARE_OCTET) &&
		(node->part == PART_ALL || node->part == PART_LOCAL ||
			node->part == PART_DOMAIN) &&
		all_constant(&node->strings[0]);
}

static bool guard_values(struct guard *g, const struct node *node, enum source_kind kind)
{
	const struct template_list *keys = &node->strings[1];

	if (!is_plain(node))
		return false;
	for (size_t i = 0; i < node->strings[0].count; i++) {
		struct source source = { kind, node->part, node->strings[0].at[i].text };
		uint32_t number = sources_number(&g->sources, &source);

		for (size_t k = 0; k < keys->count; k++) {
			if (!guard_key(g, node, &keys->at[k], number))
				return false;
		}
	}
	return true;
}

/* True: it cannot fail, capture or ask, whatever the message. */
static bool is_quiet(const struct node *node)
{
	if (node->late)
		return false;
	if (node->word == &test_header)
		return is_plain(node) && all_constant(&node->strings[1]) &&
			node->match.type != MATCH_MATCHES && node->match.type != MATCH_REGEX;
	if (node->word == &test_exists)
		return !node->mime && all_constant(&node->strings[0]);
	if (node->word == &test_true || node->word == &test_false)
		return true;
	if (node->word != &test_not && node->word != &test_allof && node->word != &test_anyof)
		return false;
	for (const struct node *test = node->tests; test; test = test->next) {
		if (!is_quiet(test))
			return false;
	}
	return true;
}

/* How seldom such atoms may be found: long ones, few of them. */
static size_t worth(const struct guard *g, size_t from)
{
	size_t least = 64;
	size_t count = g->count - from;

	for (size_t i = from; i < g->count; i++) {
		size_t len = g->atoms[i].text.len + (g->atoms[i].whole ? 16 : 1);

		least = len < least ? len : least;
	}
	return count == 0 ? SIZE_MAX : least * 64 - (count < 64 ? count : 64);
}

/* The atoms behind `mark` take the place of those behind `start`. */
static void move_down(struct guard *g, size_t start, size_t mark)
{
	size_t count = g->count - mark;

	if (count > 0 && start < mark)
		memmove(&g->atoms[start], &g->atoms[mark], count * sizeof(*g->atoms));
	g->count = start + count;
}

/* One of its tests is enough, if those before it do nothing but answer. */
static bool guard_all(struct guard *g, const struct node *node)
{
	size_t start = g->count;
	size_t best = 0;
	bool any = false;

	for (const struct node *test = node->tests; test; test = test->next) {
		size_t mark = g->count;

		if (guard_test(g, test)) {
			size_t its = worth(g, mark);

			if (!any || its > best) {
				move_down(g, start, mark);
				best = its;
			} else {
				g->count = mark;
			}
			any = true;
		}
		if (!is_quiet(test))
			break;
	}
	return any;
}

static bool guard_any(struct guard *g, const struct node *node)
{
	for (const struct node *test = node->tests; test; test = test->next) {
		if (!guard_test(g, test))
			return false;
	}
	return true;
}

bool guard_test(struct guard *g, const struct node *test)
{
	size_t mark = g->count;
	bool known = false;

	if (test->late)
		known = false;
	else if (test->word == &test_header)
		known = guard_values(g, test, SOURCE_FIELD);
	else if (test->word == &test_address)
		known = guard_values(g, test, SOURCE_ADDRESSES);
	else if (test->word == &test_envelope)
		known = guard_values(g, test, SOURCE_ENVELOPE);
	else if (test->word == &test_anyof)
		known = guard_any(g, test);
	else if (test->word == &test_allof)
		known = guard_all(g, test);
	else
		known = test->word == &test_false;
	if (!known)
		g->count = mark;
	return known;
}

void guard_free(struct guard *g)
{
	free(g->atoms);
	sources_free(&g->sources);
	arena_free(&g->arena);
	*g = (struct guard){ 0 };
}
