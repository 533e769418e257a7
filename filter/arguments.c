/*
 * Arguments of one command or test: see arguments.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/arguments.h"

#include "filter/keys.h"
#include "filter/match.h"
#include "filter/template.h"
#include "filter/vocabulary.h"

/* The tags that words share: match types, comparator, address parts. */
enum shared_group { GROUP_MATCH, GROUP_COMPARATOR, GROUP_PART };

static const struct {
	const char *name;
	enum shared_group group;
	int which;
	unsigned capability;
	bool value; /* a string follows */
} shared_tags[] = {
	{ "is", GROUP_MATCH, MATCH_IS, 0, false },
	{ "contains", GROUP_MATCH, MATCH_CONTAINS, 0, false },
	{ "matches", GROUP_MATCH, MATCH_MATCHES, 0, false },
	{ "regex", GROUP_MATCH, MATCH_REGEX, CAPABILITY_REGEX, false },
	{ "count", GROUP_MATCH, MATCH_COUNT, CAPABILITY_RELATIONAL, true },
	{ "value", GROUP_MATCH, MATCH_VALUE, CAPABILITY_RELATIONAL, true },
	{ "comparator", GROUP_COMPARATOR, 0, 0, true },
	{ "all", GROUP_PART, PART_ALL, 0, false },
	{ "localpart", GROUP_PART, PART_LOCAL, 0, false },
	{ "domain", GROUP_PART, PART_DOMAIN, 0, false },
};

enum { SHARED_COUNT = sizeof(shared_tags) / sizeof(shared_tags[0]) };

static const char *const relations[] = { "gt", "ge", "lt", "le", "eq", "ne", NULL };

struct reader {
	struct checker *checker;
	struct node *node;
	size_t at;           /* next argument */
	unsigned groups;     /* shared groups that were given, bits */
	unsigned own_groups; /* groups of the word's own tags, bits */
};

static int complain(struct reader *r, const struct argument *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int complain(struct reader *r, const struct argument *at, const char *format, ...)
{
	AUTO_BUF text = { 0 };
	va_list args;

	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	problem_add(&r->checker->script->problems, at->line, at->column, "%s", buf_text(&text));
	return -1;
}

static bool allows(const struct word *word, enum shared_group group)
{
	return word->uses & (group == GROUP_PART ? (unsigned)USES_PART : (unsigned)USES_MATCH);
}

static int need(struct reader *r, const struct argument *tag, unsigned capability)
{
	if (!capability || r->checker->script->capabilities & capability)
		return 0;
	return complain(r, tag, "\":%.*s\" expected require \"%s\" at the top",
		SLICE_ARG(tag->name), vocabulary_capability_name(capability));
}

/* The strings behind a tag: compiled, one or a list. NULL and a problem when missing. */
static const struct template_list *take_value(struct reader *r, const struct argument *tag,
	bool list)
{
	struct argument *value = &r->node->arguments[r->at];

	if (r->at >= r->node->argument_count || value->kind != ARGUMENT_STRINGS ||
		(!list && value->bracketed)) {
		complain(r, tag, "expected a string%s behind \":%.*s\"",
			list ? " or a list of strings" : "", SLICE_ARG(tag->name));
		return NULL;
	}
	r->at++;
	for (size_t i = 0; i < value->strings.count; i++) {
		if (template_compile(r->checker->script, &value->strings.at[i]) < 0)
			return NULL;
	}
	return &value->strings;
}

static int take_constant(struct reader *r, const struct argument *tag, struct slice *out)
{
	const struct template_list *value = take_value(r, tag, false);

	if (!value)
		return -1;
	*out = value->at[0].text;
	if (value->at[0].constant)
		return 0;
	return checker_complain_at(r->checker, value->at, "expected a string without variables");
}

static int take_comparator(struct reader *r, const struct argument *tag)
{
	struct slice name;

	if (take_constant(r, tag, &name) < 0)
		return -1;
	if (match_comparator(name, &r->node->match.comparator) < 0)
		return complain(r, tag, "unknown comparator \"%.*s\", expected %s",
			SLICE_ARG(slice_first(name, 40)),
			"\"i;ascii-casemap\", \"i;octet\" or \"i;ascii-numeric\"");
	if (r->node->match.comparator == COMPARE_NUMERIC &&
		!(r->checker->script->capabilities & CAPABILITY_NUMERIC))
		return complain(r, tag,
			"this comparator expected require \"comparator-i;ascii-numeric\" at the "
				"top");
	return 0;
}

static int take_relation(struct reader *r, const struct argument *tag)
{
	struct slice name;

	if (take_constant(r, tag, &name) < 0)
		return -1;
	for (int i = 0; relations[i]; i++) {
		if (slice_is_case(name, relations[i])) {
			r->node->match.relation = (enum relation)i;
			return 0;
		}
	}
	return complain(r, tag, "unknown relation \"%.*s\", expected gt, ge, lt, le, eq or ne",
		SLICE_ARG(slice_first(name, 40)));
}

static int take_shared(struct reader *r, const struct argument *tag, size_t row)
{
	enum shared_group group = shared_tags[row].group;

	if (need(r, tag, shared_tags[row].capability) < 0)
		return -1;
	if (r->groups & 1U << group)
		return complain(r, tag, "second %s \":%.*s\", expected only one",
			group == GROUP_MATCH     ? "match type" :
				group == GROUP_PART ? "address part" :
						      "comparator",
			SLICE_ARG(tag->name));
	r->groups |= 1U << group;
	if (group == GROUP_PART)
		r->node->part = (enum address_part)shared_tags[row].which;
	if (group == GROUP_MATCH)
		r->node->match.type = (enum match_type)shared_tags[row].which;
	if (group == GROUP_COMPARATOR)
		return take_comparator(r, tag);
	return shared_tags[row].value ? take_relation(r, tag) : 0;
}

static int take_own(struct reader *r, const struct argument *tag, unsigned row)
{
	const struct tag *own = &r->node->word->tags[row];

	if (need(r, tag, own->capability) < 0)
		return -1;
	if (r->node->tags & 1U << row)
		return complain(r, tag, "\":%s\" stands twice", own->name);
	if (own->group && r->own_groups & 1U << own->group)
		return complain(r, tag, "\":%s\" does not go with the tag before it", own->name);
	if (own->group)
		r->own_groups |= 1U << own->group;
	r->node->tags |= 1U << row;
	if (own->value != VALUE_NONE) {
		const struct template_list *value =
			take_value(r, tag, own->value == VALUE_STRINGS);

		if (!value)
			return -1;
		r->node->tag_values[row] = *value;
	}
	return 0;
}

static int unknown_tag(struct reader *r, const struct argument *tag)
{
	const struct word *word = r->node->word;
	AUTO_BUF known = { 0 };

	for (size_t i = 0; i < SHARED_COUNT; i++) {
		if (allows(word, shared_tags[i].group))
			buf_addf(&known, "%s:%s", known.len ? ", " : "", shared_tags[i].name);
	}
	for (size_t i = 0; word->tags && word->tags[i].name; i++)
		buf_addf(&known, "%s:%s", known.len ? ", " : "", word->tags[i].name);
	return complain(r, tag, "\"%s\" knows no \":%.*s\", expected %s", word->name,
		SLICE_ARG(slice_first(tag->name, 40)), known.len ? known.ptr : "no tag");
}

static int take_tag(struct reader *r)
{
	const struct argument *tag = &r->node->arguments[r->at++];
	const struct word *word = r->node->word;

	for (size_t i = 0; i < SHARED_COUNT; i++) {
		if (allows(word, shared_tags[i].group) &&
			slice_is_case(tag->name, shared_tags[i].name))
			return take_shared(r, tag, i);
	}
	for (unsigned i = 0; word->tags && word->tags[i].name; i++) {
		if (slice_is_case(tag->name, word->tags[i].name))
			return take_own(r, tag, i);
	}
	return unknown_tag(r, tag);
}

static int wrong_count(struct reader *r)
{
	const char *positions = r->node->word->positions;
	AUTO_BUF wanted = { 0 };

	for (const char *at = positions; at && *at; at++) {
		if (*at == '?')
			continue;
		buf_addf(&wanted, "%s%s%s", wanted.len ? ", " : "",
			*at == 'n'         ? "a number" :
				*at == 'S' ? "a list of strings" :
					     "a string",
			at[1] == '?' ? " (optional)" : "");
	}
	return checker_complain(r->checker, r->node, "\"%s\" expected %s", r->node->word->name,
		wanted.len ? wanted.ptr : "no argument");
}

static int take_position(struct reader *r, char letter, size_t position)
{
	struct argument *value = &r->node->arguments[r->at++];
	struct script *script = r->checker->script;
	bool one = letter != 'S';

	if (value->kind == ARGUMENT_TAG)
		return complain(r, value, "\":%.*s\" stands behind other arguments, expected it "
			"before them",
			SLICE_ARG(slice_first(value->name, 40)));
	if (letter == 'n') {
		r->node->number = value->number;
		return value->kind == ARGUMENT_NUMBER ? 0 : complain(r, value, "expected a number");
	}
	if (value->kind != ARGUMENT_STRINGS)
		return complain(r, value, "unexpected number, expected a string");
	if (one && value->bracketed)
		return complain(r, value, "expected one string, no list");
	for (size_t i = 0; i < value->strings.count; i++) {
		if (template_compile(script, &value->strings.at[i]) < 0)
			return -1;
	}
	if (letter == 'c' && !value->strings.at[0].constant)
		return complain(r, value, "expected a string without variables");
	r->node->strings[position] = value->strings;
	return 0;
}

/* Positions of the row: when fewer stand there than it has, the optional ones are left out. */
static int take_positions(struct reader *r)
{
	const char *positions = r->node->word->positions ? r->node->word->positions : "";
	size_t given = r->node->argument_count - r->at;
	size_t most = 0;
	size_t optional = 0;
	size_t position = 0;

	for (const char *at = positions; *at; at++) {
		if (*at == '?')
			optional++;
		else
			most++;
	}
	if (given > most || given < most - optional)
		return wrong_count(r);
	for (const char *at = positions; *at; at++) {
		bool may_go = at[1] == '?';

		if (may_go && most > given)
			most--;
		else if (take_position(r, *at, position) < 0)
			return -1;
		position++;
		at += may_go;
	}
	return 0;
}

static int prepare_keys(struct reader *r)
{
	const char *positions = r->node->word->positions;
	size_t last = 0;
	struct template_list *keys;
	struct node *node = r->node;

	for (const char *at = positions; *at; at++)
		last += *at != '?';
	keys = &node->strings[last - 1];
	return keys_prepare(r->checker, node, keys);
}

int arguments_check(struct checker *checker, struct node *node)
{
	struct reader r = { .checker = checker, .node = node };

	while (r.at < node->argument_count && node->arguments[r.at].kind == ARGUMENT_TAG) {
		if (take_tag(&r) < 0)
			return -1;
	}
	if (take_positions(&r) < 0)
		return -1;
	return node->word->uses & USES_MATCH ? prepare_keys(&r) : 0;
}
