/*
 * Tests of bodies answered together: see body.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/index/body.h"

#include "common/mail/lineend.h"
#include "filter/index/automaton.h"
#include "filter/match.h"

struct body_group {
	struct body_group *next;
	const struct body_test *all;   /* tests of the script, of this group or not */
	const struct body_test *first; /* the others look at the same values as this one */
	size_t tests;
	struct automaton *automaton; /* made at the first message; of :contains */
	struct automaton_found found;
	struct slice *wholes; /* of :is; borrowed */
	size_t whole_count;
	size_t longest; /* of those */
};

/* What was found in a message, kept with it. */
struct body_answers {
	struct message_extra extra;
	bool known;
	bool at[]; /* by number: texts of the automaton, then those of :is */
};

static bool fits(const struct node *node, const struct template_list *keys,
	const struct template_list *types)
{
	bool is = node->match.type == MATCH_IS;

	if (!is && node->match.type != MATCH_CONTAINS)
		return false;
	if (node->match.comparator != COMPARE_CASEMAP && node->match.comparator != COMPARE_OCTET)
		return false;
	for (size_t i = 0; i < keys->count; i++) {
		if (!keys->at[i].constant || (!is && keys->at[i].text.len == 0))
			return false;
	}
	for (size_t i = 0; types && i < types->count; i++) {
		if (!types->at[i].constant || slice_find_byte(types->at[i].text, '\0') >= 0)
			return false;
	}
	return !node->late;
}

void body_index_note(struct script *script, struct node *node, enum body_form form,
	const struct template_list *types)
{
	struct body_test *test;

	if (!fits(node, &node->strings[0], types))
		return;
	test = arena_get(&script->arena, sizeof(*test));
	*test = (struct body_test){ .next = script->body_tests, .node = node, .form = form,
		.types = types, .keys = &node->strings[0] };
	script->body_tests = test;
	node->own = test;
}

static bool same_types(const struct template_list *a, const struct template_list *b)
{
	if (!a || !b)
		return a == b;
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!slice_equal_case(a->at[i].text, b->at[i].text))
			return false;
	}
	return true;
}

/* LIMIT: groups of one script: tests of more kinds than that are answered by themselves. */
enum { GROUPS_MAX = 64 };

static struct body_group *group_of(struct script *script, const struct body_test *test)
{
	struct body_group *g = script->body_groups;
	size_t count = 0;

	for (; g; g = g->next, count++) {
		const struct body_test *first = g->first;

		if (first->form == test->form && same_types(first->types, test->types) &&
			first->node->match.comparator == test->node->match.comparator)
			return g;
	}
	if (count == GROUPS_MAX)
		return NULL;
	g = mem_zero(1, sizeof(*g));
	g->all = script->body_tests;
	g->first = test;
	g->next = script->body_groups;
	script->body_groups = g;
	return g;
}

void body_index_tie(struct script *script)
{
	for (struct body_test *test = script->body_tests; test; test = test->next) {
		test->group = group_of(script, test);
		if (test->group)
			test->group->tests++;
	}
	for (struct body_test *test = script->body_tests; test; test = test->next) {
		if (test->group && test->group->tests < 2)
			test->group = NULL;
		if (test->group)
			test->numbers = arena_get(&script->arena,
				test->keys->count * sizeof(*test->numbers));
	}
}

void body_index_free(struct script *script)
{
	while (script->body_groups) {
		struct body_group *next = script->body_groups->next;

		automaton_free(script->body_groups->automaton);
		automaton_found_free(&script->body_groups->found);
		free(script->body_groups->wholes);
		free(script->body_groups);
		script->body_groups = next;
	}
}

static bool folds(const struct body_group *g)
{
	return g->first->node->match.comparator == COMPARE_CASEMAP;
}

static struct slice key_of(const struct body_test *test, size_t i)
{
	return folds(test->group) ? test->keys->at[i].folded : test->keys->at[i].text;
}

static bool is_whole(const struct body_test *test)
{
	return test->node->match.type == MATCH_IS;
}

/* Keys are numbered one test after the other: first all of :contains, then all of :is. */
struct numbering {
	struct slice *texts;
	uint32_t **targets; /* whose number it is */
	size_t count;
};

static void gather_keys(const struct body_group *g, bool whole, struct numbering *out)
{
	const struct body_test *tests = g->all;
	size_t room = 0;

	for (const struct body_test *test = tests; test; test = test->next)
		room += test->group == g && is_whole(test) == whole ? test->keys->count : 0;
	*out = (struct numbering){ .texts = mem_get(room * sizeof(*out->texts)),
		.targets = mem_get(room * sizeof(*out->targets)) };
	for (const struct body_test *test = tests; test; test = test->next) {
		if (test->group != g || is_whole(test) != whole)
			continue;
		for (size_t i = 0; i < test->keys->count; i++) {
			out->texts[out->count] = key_of(test, i);
			out->targets[out->count++] = &test->numbers[i];
		}
	}
}

static void make(struct body_group *g)
{
	struct numbering n;
	uint32_t *ids;

	gather_keys(g, false, &n);
	ids = mem_get(n.count * sizeof(*ids));
	g->automaton = automaton_build(n.texts, n.count, ids);
	automaton_found_start(&g->found, g->automaton);
	for (size_t i = 0; i < n.count; i++)
		*n.targets[i] = ids[i];
	free(ids);
	free(n.texts);
	free(n.targets);
	gather_keys(g, true, &n);
	for (size_t i = 0; i < n.count; i++) {
		*n.targets[i] = (uint32_t)(automaton_count(g->automaton) + i);
		g->longest = n.texts[i].len > g->longest ? n.texts[i].len : g->longest;
	}
	g->wholes = n.texts;
	g->whole_count = n.count;
	free(n.targets);
}

struct scanning {
	struct body_group *group;
	struct body_answers *answers;
	struct lineend ends;
	uint32_t state;
	struct buf lines;
	struct buf folded;
	struct buf front; /* of the value, while it may be that of :is */
	bool too_long;
};

static void look(struct scanning *s)
{
	struct slice bytes = buf_slice(&s->lines);

	if (folds(s->group)) {
		buf_clear(&s->folded);
		match_fold(&s->folded, bytes);
		bytes = buf_slice(&s->folded);
	}
	automaton_scan(s->group->automaton, &s->state, bytes, &s->group->found);
	s->too_long = s->too_long || s->front.len + bytes.len > s->group->longest;
	if (!s->too_long)
		buf_add_slice(&s->front, bytes);
	buf_clear(&s->lines);
}

static void end_value(struct scanning *s)
{
	const struct body_group *g = s->group;
	size_t texts = automaton_count(g->automaton);

	lineend_finish(&s->ends, &s->lines);
	look(s);
	for (size_t i = 0; i < g->whole_count && !s->too_long; i++) {
		if (slice_equal(g->wholes[i], buf_slice(&s->front)))
			s->answers->at[texts + i] = true;
	}
}

/* One value in pieces; once all texts were found nothing more is read. */
static int scan_value(const struct text *value, void *context, struct fault *why)
{
	enum { PIECE = 65536 };
	struct scanning *s = context;
	const struct body_group *g = s->group;
	AUTO_BUF room = { 0 };
	uint64_t at = 0;
	size_t got;

	s->ends = (struct lineend){ 0 };
	s->state = 0;
	s->too_long = false;
	buf_clear(&s->front);
	buf_reserve(&room, PIECE);
	do {
		if (text_read(value, at, room.ptr, PIECE, &got, why) < 0)
			return -1;
		lineend_to_lf(&s->ends, slice_of(room.ptr, got), &s->lines);
		look(s);
		at += got;
		if (g->whole_count == 0 && g->found.count == automaton_count(g->automaton))
			return 1;
	} while (got > 0);
	end_value(s);
	return 0;
}

static const struct body_answers *scan(struct body_group *g, struct message *m)
{
	size_t texts = automaton_count(g->automaton);
	size_t count = texts + g->whole_count;
	struct body_answers *answers = mem_zero(1, sizeof(*answers) + count * sizeof(bool));
	struct scanning s = { .group = g, .answers = answers };
	const struct template_list *types = g->first->types;
	AUTO_STRINGS names = { 0 };
	struct fault why;
	int got;

	for (size_t i = 0; types && i < types->count; i++)
		strings_add(&names, types->at[i].text);
	automaton_forget(&g->found);
	got = bodies_each(m, g->first->form, &names, scan_value, &s, &why);
	for (size_t i = 0; i < g->found.count; i++)
		answers->at[g->found.numbers[i]] = true;
	answers->known = got >= 0 && (g->first->form == BODY_RAW || !m->parts->limited);
	answers->extra.owner = g;
	message_keep(m, &answers->extra);
	buf_free(&s.lines);
	buf_free(&s.folded);
	buf_free(&s.front);
	return answers;
}

int body_index_ask(const struct body_test *test, struct message *m)
{
	struct body_group *g = test->group;
	const struct body_answers *answers;

	if (!g)
		return -1;
	if (!g->automaton)
		make(g);
	answers = (const void *)message_kept(m, g);
	if (!answers)
		answers = scan(g, m);
	for (size_t i = 0; i < test->keys->count; i++) {
		if (answers->at[test->numbers[i]])
			return 1;
	}
	return answers->known ? 0 : -1;
}
