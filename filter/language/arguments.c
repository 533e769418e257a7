/*
 * Arguments of one command or test: see arguments.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/arguments.h"

#include "filter/language/arguments_reader.h"
#include "filter/keys.h"
#include "filter/language/template.h"

int reader_complain(struct reader *r, const struct argument *at, const char *format, ...)
{
	AUTO_BUF text = { 0 };
	va_list args;

	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	problem_add(&r->checker->script->problems, at->line, at->column, "%s", buf_text(&text));
	return -1;
}

int reader_need(struct reader *r, const struct argument *tag, capability_set capability)
{
	r->node->late |= capability & r->checker->script->asked;
	if (!capability || r->checker->script->capabilities & capability)
		return 0;
	return reader_complain(r, tag, "\":%.*s\" expected require \"%s\" at the top",
		SLICE_ARG(tag->name), vocabulary_capability_name(capability));
}

/* The strings behind a tag: compiled, one or a list. NULL and a problem when missing. */
const struct template_list *reader_strings(struct reader *r, const struct argument *tag,
	bool list)
{
	struct argument *value = &r->node->arguments[r->at];

	if (r->at >= r->node->argument_count || value->kind != ARGUMENT_STRINGS ||
		(!list && value->bracketed)) {
		reader_complain(r, tag, "expected a string%s behind \":%.*s\"",
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

int reader_number(struct reader *r, const struct argument *tag, uint64_t *out)
{
	const struct argument *value = &r->node->arguments[r->at];

	if (r->at >= r->node->argument_count || value->kind != ARGUMENT_NUMBER)
		return reader_complain(r, tag, "expected a number behind \":%.*s\"",
			SLICE_ARG(tag->name));
	r->at++;
	*out = value->number;
	return 0;
}

/* Most nodes have none: there is room for them when the first one comes. */
static struct tag_value *own_value(struct reader *r, unsigned row)
{
	const struct tag *tags = r->node->word->tags;
	size_t count = 0;

	while (tags[count].name)
		count++;
	if (!r->node->tag_values)
		r->node->tag_values = arena_get(&r->checker->script->arena,
			count * sizeof(struct tag_value));
	return &r->node->tag_values[row];
}

static int take_own_value(struct reader *r, const struct argument *tag, unsigned row)
{
	enum tag_takes takes = r->node->word->tags[row].value;
	struct tag_value *value = own_value(r, row);
	const struct template_list *strings;

	if (takes == VALUE_NUMBER)
		return reader_number(r, tag, &value->number);
	strings = reader_strings(r, tag, takes == VALUE_STRINGS);
	if (!strings)
		return -1;
	value->strings = *strings;
	return 0;
}

static int take_own(struct reader *r, const struct argument *tag, unsigned row)
{
	const struct tag *own = &r->node->word->tags[row];

	if (reader_need(r, tag, own->capability) < 0)
		return -1;
	if (r->node->tags & 1U << row)
		return reader_complain(r, tag, "\":%s\" stands twice", own->name);
	if (own->group && r->own_groups & 1U << own->group)
		return reader_complain(r, tag, "\":%s\" does not go with the tag before it",
			own->name);
	if (own->group)
		r->own_groups |= 1U << own->group;
	r->node->tags |= 1U << row;
	return own->value == VALUE_NONE ? 0 : take_own_value(r, tag, row);
}

static int unknown_tag(struct reader *r, const struct argument *tag)
{
	const struct word *word = r->node->word;
	const char *near;
	AUTO_BUF known = { 0 };

	near = reader_shared_near(word, tag->name);
	for (size_t i = 0; !near && word->tags && word->tags[i].name; i++) {
		if (vocabulary_is_near(tag->name, word->tags[i].name))
			near = word->tags[i].name;
	}
	if (near)
		return reader_complain(r, tag,
			"\"%s\" knows no \":%.*s\", expected perhaps \":%s\"",
			word->name, SLICE_ARG(slice_first(tag->name, 40)), near);
	reader_shared_names(word, &known);
	for (size_t i = 0; word->tags && word->tags[i].name; i++)
		buf_addf(&known, "%s:%s", known.len ? ", " : "", word->tags[i].name);
	return reader_complain(r, tag, "\"%s\" knows no \":%.*s\", expected %s", word->name,
		SLICE_ARG(slice_first(tag->name, 40)), known.len ? known.ptr : "no tag");
}

static int take_tag(struct reader *r)
{
	const struct argument *tag = &r->node->arguments[r->at++];
	const struct word *word = r->node->word;
	int shared = reader_shared(r, tag);

	if (shared != 0)
		return shared < 0 ? -1 : 0;
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
		return reader_complain(r, value,
			"\":%.*s\" stands behind other arguments, expected it before them",
			SLICE_ARG(slice_first(value->name, 40)));
	if (letter == 'n') {
		r->node->number = value->number;
		return value->kind == ARGUMENT_NUMBER
			? 0
			: reader_complain(r, value, "expected a number");
	}
	if (value->kind != ARGUMENT_STRINGS)
		return reader_complain(r, value, "unexpected number, expected a string");
	if (one && value->bracketed)
		return reader_complain(r, value, "expected one string, no list");
	for (size_t i = 0; i < value->strings.count; i++) {
		if (template_compile(script, &value->strings.at[i]) < 0)
			return -1;
	}
	if (letter == 'c' && !value->strings.at[0].constant)
		return reader_complain(r, value, "expected a string without variables");
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

	if (!(node->word->uses & USES_MATCH))
		return 0;
	for (const char *at = positions; *at; at++)
		last += *at != '?';
	keys = &node->strings[last - 1];
	/* Without keys the match type means nothing (RFC 5293 section 5). */
	return keys->count > 0 ? keys_prepare(r->checker, node, keys) : 0;
}

int arguments_check(struct checker *checker, struct node *node)
{
	struct reader r = { .checker = checker, .node = node };

	while (r.at < node->argument_count && node->arguments[r.at].kind == ARGUMENT_TAG) {
		if (take_tag(&r) < 0)
			return -1;
	}
	if (reader_shared_end(&r) < 0)
		return -1;
	if (take_positions(&r) < 0)
		return -1;
	return prepare_keys(&r);
}
