/*
 * The key list of a test: see keys.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/keys.h"

#include <inttypes.h>
#include <stdio.h>

#include "filter/lists/list_name.h"
#include "filter/unicode/casemap.h"

bool keys_fold(const struct node *node)
{
	return (node->match.comparator == COMPARE_CASEMAP ||
		       node->match.comparator == COMPARE_UNICODE) &&
		node->match.type != MATCH_REGEX && node->match.type != MATCH_COUNT &&
		node->match.type != MATCH_LIST;
}

void keys_fold_text(const struct node *node, struct slice text, bool glob, struct buf *out)
{
	if (node->match.comparator != COMPARE_UNICODE)
		match_fold(out, text);
	else if (glob)
		casemap_fold_glob(out, text);
	else
		casemap_fold(out, text);
}

/* Then a match of i;unicode-casemap finds its way back to the value by itself. */
static bool globs_unicode(const struct node *node)
{
	return node->match.comparator == COMPARE_UNICODE && node->match.type == MATCH_MATCHES;
}

/* Without regard to case, of any script when the expression is UTF-8. */
static bool regex_caseless(const struct node *node)
{
	return node->match.comparator != COMPARE_OCTET;
}

static int keep_regex(struct checker *checker, struct template *key, bool caseless)
{
	struct script *script = checker->script;
	struct fault why;

	key->regex = regex_compile(key->text, caseless, &why);
	if (!key->regex)
		return checker_complain_at(checker, key, "%s", why.text);
	/* One list for all that must be freed with the script; it grows by doubling. */
	if ((script->regex_count & (script->regex_count - 1)) == 0)
		script->regexes = mem_grow(script->regexes,
			script->regex_count ? script->regex_count * 2 : 1,
			sizeof(struct regex *));
	script->regexes[script->regex_count++] = key->regex;
	return 0;
}

static int fits(struct checker *checker, const struct node *node)
{
	enum match_type type = node->match.type;

	if (node->match.comparator == COMPARE_NUMERIC &&
		(type == MATCH_CONTAINS || type == MATCH_MATCHES || type == MATCH_REGEX))
		return checker_complain(checker, node,
			"comparator \"i;ascii-numeric\" compares whole values, expected :is, "
				":value or :count");
	return 0;
}

int keys_check_list(struct checker *checker, const struct template *name)
{
	AUTO_BUF file = { 0 };

	if (!name->constant || list_name(name->text, &file, NULL))
		return 0;
	return checker_complain_at(checker, name,
		"\"%.*s\" is no name of a list, expected the name of a file, "
			"\":addrbook:NAME\" or \"tag:DOMAIN,DATE:NAME\"",
		SLICE_ARG(slice_first(name->text, 80)));
}

int keys_prepare(struct checker *checker, struct node *node, struct template_list *keys)
{
	if (fits(checker, node) < 0)
		return -1;
	for (size_t i = 0; i < keys->count; i++) {
		struct template *key = &keys->at[i];
		AUTO_BUF folded = { 0 };

		if (!key->constant)
			continue;
		if (node->match.type == MATCH_LIST && keys_check_list(checker, key) < 0)
			return -1;
		if (node->match.type == MATCH_REGEX &&
			keep_regex(checker, key, regex_caseless(node)) < 0)
			return -1;
		if (!keys_fold(node))
			continue;
		keys_fold_text(node, key->text, globs_unicode(node), &folded);
		key->folded = arena_slice(&checker->script->arena, buf_slice(&folded));
	}
	return 0;
}

void keys_free(struct keys *keys)
{
	for (size_t i = 0; i < keys->count; i++) {
		buf_free(&keys->rooms[i]);
		if (keys->regexes[i] && !keys->templates->at[i].constant)
			regex_free(keys->regexes[i]);
	}
	free(keys->at);
	free(keys->rooms);
	free(keys->regexes);
	buf_free(&keys->folded);
	*keys = (struct keys){ 0 };
}

static int start_one(struct keys *keys, size_t i)
{
	const struct template *t = &keys->templates->at[i];
	bool fold = keys_fold(keys->node);
	struct slice value;
	struct fault why;

	if (t->constant) {
		keys->at[i] = fold ? t->folded : t->text;
		keys->regexes[i] = t->regex;
		return 0;
	}
	if (run_expand(keys->run, t, &keys->rooms[i], &value) < 0)
		return -1;
	keys->at[i] = value;
	if (fold) {
		AUTO_BUF folded = { 0 };

		keys_fold_text(keys->node, value, globs_unicode(keys->node), &folded);
		buf_swap(&folded, &keys->rooms[i]);
		keys->at[i] = buf_slice(&keys->rooms[i]);
	}
	if (keys->node->match.type != MATCH_REGEX)
		return 0;
	keys->regexes[i] = regex_compile(value, regex_caseless(keys->node), &why);
	return keys->regexes[i] ? 0 : run_fail(keys->run, "%s", why.text);
}

int keys_start(struct keys *keys, struct run *run, const struct node *node,
	const struct template_list *templates)
{
	*keys = (struct keys){ .run = run, .node = node, .templates = templates };
	keys->at = mem_zero(templates->count, sizeof(*keys->at));
	keys->rooms = mem_zero(templates->count, sizeof(*keys->rooms));
	keys->regexes = mem_zero(templates->count, sizeof(*keys->regexes));
	for (; keys->count < templates->count; keys->count++) {
		if (start_one(keys, keys->count) < 0) {
			keys->count++;
			return -1;
		}
	}
	return 0;
}

static int try_regex(struct keys *keys, size_t i, struct slice value, struct captures *out)
{
	bool body = keys->node->word->uses & (NO_CAPTURES | LONG_TEXT);
	size_t limit = body ? REGEX_BODY_MAX : REGEX_TEXT_MAX;
	struct fault why;
	int got;

	if (value.len > limit)
		return run_fail(keys->run, "a text of %zu bytes is too long for a regular "
			"expression (%zu)",
			value.len, limit);
	got = regex_match(keys->regexes[i], value, out, &why);
	return got < 0 ? run_fail(keys->run, "%s", why.text) : got;
}

int keys_find_list(struct run *run, struct slice name, const struct list **out)
{
	struct fault why;

	if (lists_open(&run->questions->lists, run->settings->lists, name, out, &why) < 0)
		return run_fail(run, "%s", why.text);
	return 0;
}

/* RFC 6134 section 2.2: ${0} is what stands in the list; ${1} the value beside it. */
static int try_list(struct keys *keys, struct slice name, struct slice value)
{
	const struct list *list;
	struct list_entry entry;
	struct captures captures = { .count = 1 };
	struct slice all;

	if (keys_find_list(keys->run, name, &list) < 0)
		return -1;
	if (!list_find(list, value, &entry))
		return 0;
	all = slice_of(entry.key.ptr,
		(size_t)(entry.value.ptr + entry.value.len - entry.key.ptr));
	captures.at[0].to = entry.key.len;
	if (entry.value.len > 0) {
		captures.at[1].from = all.len - entry.value.len;
		captures.at[1].to = all.len;
		captures.count = 2;
	}
	run_capture(keys->run, all, &captures);
	return 1;
}

/* `compared` is the value as it is compared. */
static int try_key(struct keys *keys, size_t i, struct slice value, struct slice compared,
	struct captures *out)
{
	const struct match_spec *match = &keys->node->match;
	struct slice key = keys->at[i];
	int got;

	switch (match->type) {
	case MATCH_IS:
		return match->comparator == COMPARE_NUMERIC
			? match_order(COMPARE_NUMERIC, compared, key) == 0
			: slice_equal(compared, key);
	case MATCH_CONTAINS:
		return slice_find(compared, key) >= 0;
	case MATCH_MATCHES:
		got = globs_unicode(keys->node) ? casemap_glob(value, key, out)
						: match_glob(compared, key, out);
		return got < 0 ? run_fail(keys->run, ":matches took too long") : got;
	case MATCH_REGEX:
		return try_regex(keys, i, value, out);
	case MATCH_VALUE:
		return match_relation(match->relation,
			match_order(match->comparator, compared, key));
	case MATCH_LIST:
		return try_list(keys, key, value);
	case MATCH_COUNT:
		break;
	}
	return 0;
}

int keys_try(struct keys *keys, struct slice value)
{
	const struct node *node = keys->node;
	struct slice compared = value;
	struct captures captures;
	bool captured = (node->match.type == MATCH_MATCHES || node->match.type == MATCH_REGEX) &&
		!(node->word->uses & NO_CAPTURES);

	run_saw(keys->run, value);
	if (node->match.type == MATCH_COUNT) {
		keys->values++;
		return 0;
	}
	if (keys_fold(node) && !globs_unicode(node)) {
		buf_clear(&keys->folded);
		keys_fold_text(node, value, false, &keys->folded);
		compared = buf_slice(&keys->folded);
	}
	for (size_t i = 0; i < keys->count; i++) {
		int got = try_key(keys, i, value, compared, captured ? &captures : NULL);

		if (got > 0 && captured)
			run_capture(keys->run, value, &captures);
		if (got != 0)
			return got;
	}
	return 0;
}

int keys_finish(struct keys *keys)
{
	char count[24];
	int len = snprintf(count, sizeof(count), "%" PRIu64, keys->values);

	if (keys->node->match.type != MATCH_COUNT)
		return 0;
	/* Numbers whatever the comparator: "10" is more than "9" (RFC 5231 4.2, SHOULD). */
	for (size_t i = 0; i < keys->count; i++) {
		if (match_relation(keys->node->match.relation,
			    match_order(COMPARE_NUMERIC, slice_of(count, (size_t)len),
				    keys->at[i])))
			return 1;
	}
	return 0;
}
