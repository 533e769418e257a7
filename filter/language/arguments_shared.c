/*
 * The tags that words share: see arguments_reader.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/arguments_reader.h"

#include "filter/match.h"
#include "filter/language/template.h"

/* The tags that words share: match types, comparator, address parts. */
enum shared_group {
	GROUP_MATCH,
	GROUP_COMPARATOR,
	GROUP_PART,
	GROUP_INDEX,
	GROUP_LAST,
	GROUP_MIME,
	GROUP_ANYCHILD,
	GROUP_MIME_OPTION,
};

static const struct {
	const char *name;
	enum shared_group group;
	int which;
	capability_set capability;
	bool value; /* something follows */
} shared_tags[] = {
	{ "is", GROUP_MATCH, MATCH_IS, 0, false },
	{ "contains", GROUP_MATCH, MATCH_CONTAINS, 0, false },
	{ "matches", GROUP_MATCH, MATCH_MATCHES, 0, false },
	{ "regex", GROUP_MATCH, MATCH_REGEX, CAPABILITY_REGEX, false },
	{ "count", GROUP_MATCH, MATCH_COUNT, CAPABILITY_RELATIONAL, true },
	{ "value", GROUP_MATCH, MATCH_VALUE, CAPABILITY_RELATIONAL, true },
	{ "list", GROUP_MATCH, MATCH_LIST, CAPABILITY_EXTLISTS, false },
	{ "comparator", GROUP_COMPARATOR, 0, 0, true },
	{ "all", GROUP_PART, PART_ALL, 0, false },
	{ "localpart", GROUP_PART, PART_LOCAL, 0, false },
	{ "domain", GROUP_PART, PART_DOMAIN, 0, false },
	{ "user", GROUP_PART, PART_USER, CAPABILITY_SUBADDRESS, false },
	{ "detail", GROUP_PART, PART_DETAIL, CAPABILITY_SUBADDRESS, false },
	{ "index", GROUP_INDEX, 0, CAPABILITY_INDEX, true },
	{ "last", GROUP_LAST, 0, CAPABILITY_INDEX, false },
	{ "mime", GROUP_MIME, 0, CAPABILITY_MIME, false },
	{ "anychild", GROUP_ANYCHILD, 0, CAPABILITY_MIME, false },
	{ "type", GROUP_MIME_OPTION, MIME_TYPE, CAPABILITY_MIME, false },
	{ "subtype", GROUP_MIME_OPTION, MIME_SUBTYPE, CAPABILITY_MIME, false },
	{ "contenttype", GROUP_MIME_OPTION, MIME_CONTENTTYPE, CAPABILITY_MIME, false },
	{ "param", GROUP_MIME_OPTION, MIME_PARAM, CAPABILITY_MIME, true },
};

enum { SHARED_COUNT = sizeof(shared_tags) / sizeof(shared_tags[0]) };

static const char *const group_names[] = { "match type", "comparator", "address part", "index",
	"index", "tag", "tag", "part of a MIME field" };
static const char *const mime_options[] = { "mime", "type", "subtype", "contenttype", "param" };
static const char *const relations[] = { "gt", "ge", "lt", "le", "eq", "ne", NULL };

static bool allows(const struct word *word, size_t row)
{
	static const unsigned uses[] = {
		[GROUP_MATCH] = USES_MATCH,
		[GROUP_COMPARATOR] = USES_MATCH,
		[GROUP_PART] = USES_PART,
		[GROUP_INDEX] = USES_INDEX,
		[GROUP_LAST] = USES_INDEX,
		[GROUP_MIME] = USES_MIME,
		[GROUP_ANYCHILD] = USES_MIME,
		[GROUP_MIME_OPTION] = USES_MIME_OPTIONS,
	};
	bool list = shared_tags[row].group == GROUP_MATCH && shared_tags[row].which == MATCH_LIST;

	return word->uses & uses[shared_tags[row].group] && (!list || word->uses & USES_LIST);
}

static int take_constant(struct reader *r, const struct argument *tag, struct slice *out)
{
	const struct template_list *value = reader_strings(r, tag, false);

	if (!value)
		return -1;
	*out = value->at[0].text;
	if (value->at[0].constant)
		return 0;
	return checker_complain_at(r->checker, value->at, "expected a string without variables");
}

static const struct {
	enum comparator comparator;
	capability_set capability;
} comparators[] = {
	{ COMPARE_NUMERIC, CAPABILITY_NUMERIC },
	{ COMPARE_UNICODE, CAPABILITY_CASEMAP_UNICODE },
};

static int take_comparator(struct reader *r, const struct argument *tag)
{
	enum comparator *comparator = &r->node->match.comparator;
	struct slice name;

	if (take_constant(r, tag, &name) < 0)
		return -1;
	if (match_comparator(name, comparator) < 0)
		return reader_complain(r, tag, "unknown comparator \"%.*s\", expected %s",
			SLICE_ARG(slice_first(name, 40)), "\"i;ascii-casemap\", \"i;octet\", "
				"\"i;ascii-numeric\" or \"i;unicode-casemap\"");
	for (size_t i = 0; i < sizeof(comparators) / sizeof(comparators[0]); i++) {
		capability_set needed = comparators[i].capability;

		if (comparators[i].comparator == *comparator &&
			!(r->checker->script->capabilities & needed))
			return reader_complain(r, tag,
				"this comparator expected require \"%s\" at the top",
				vocabulary_capability_name(needed));
	}
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
	return reader_complain(r, tag,
		"unknown relation \"%.*s\", expected gt, ge, lt, le, eq or ne",
		SLICE_ARG(slice_first(name, 40)));
}

static int take_index(struct reader *r, const struct argument *tag)
{
	if (reader_number(r, tag, &r->node->index.number) < 0)
		return -1;
	return r->node->index.number > 0 ? 0 : reader_complain(r, tag, "fields are counted from 1");
}

static int take_mime(struct reader *r, const struct argument *tag, size_t row)
{
	struct node *node = r->node;
	const struct template_list *params;

	if (!node->mime)
		node->mime = arena_get(&r->checker->script->arena, sizeof(*node->mime));
	if (shared_tags[row].group == GROUP_MIME)
		node->mime->mime = true;
	if (shared_tags[row].group == GROUP_ANYCHILD)
		node->mime->anychild = true;
	if (shared_tags[row].group == GROUP_MIME_OPTION)
		node->mime->option = (enum mime_option)shared_tags[row].which;
	if (!shared_tags[row].value)
		return 0;
	params = reader_strings(r, tag, true);
	if (!params)
		return -1;
	node->mime->params = *params;
	return 0;
}

static int take_shared(struct reader *r, const struct argument *tag, size_t row)
{
	enum shared_group group = shared_tags[row].group;

	if (reader_need(r, tag, shared_tags[row].capability) < 0)
		return -1;
	if (r->groups & 1U << group)
		return reader_complain(r, tag, "second %s \":%.*s\", expected only one",
			group_names[group], SLICE_ARG(tag->name));
	r->groups |= 1U << group;
	if (group == GROUP_PART)
		r->node->part = (enum address_part)shared_tags[row].which;
	if (group == GROUP_MATCH)
		r->node->match.type = (enum match_type)shared_tags[row].which;
	if (group == GROUP_LAST)
		r->node->index.last = true;
	if (group == GROUP_INDEX)
		return take_index(r, tag);
	if (group == GROUP_COMPARATOR)
		return take_comparator(r, tag);
	if (group >= GROUP_MIME)
		return take_mime(r, tag, row);
	return shared_tags[row].value ? take_relation(r, tag) : 0;
}

int reader_shared(struct reader *r, const struct argument *tag)
{
	for (size_t i = 0; i < SHARED_COUNT; i++) {
		if (allows(r->node->word, i) &&
			slice_is_case(tag->name, shared_tags[i].name))
			return take_shared(r, tag, i) < 0 ? -1 : 1;
	}
	return 0;
}

int reader_shared_end(struct reader *r)
{
	if (r->groups & 1U << GROUP_LAST && !(r->groups & 1U << GROUP_INDEX))
		return checker_complain(r->checker, r->node,
			"\":last\" expected \":index\" beside it");
	if (r->groups & 1U << GROUP_COMPARATOR && r->node->match.type == MATCH_LIST)
		return checker_complain(r->checker, r->node,
			"\":list\" takes no \":comparator\"");
	if (r->node->mime && !r->node->mime->mime)
		return checker_complain(r->checker, r->node,
			"\":%s\" expected \":mime\" beside it",
			r->node->mime->anychild ? "anychild" : mime_options[r->node->mime->option]);
	if (r->node->mime && r->node->mime->anychild)
		r->checker->script->needs |= NEEDS_BODY;
	return 0;
}

const char *reader_shared_near(const struct word *word, struct slice name)
{
	for (size_t i = 0; i < SHARED_COUNT; i++) {
		if (allows(word, i) &&
			vocabulary_is_near(name, shared_tags[i].name))
			return shared_tags[i].name;
	}
	return NULL;
}

void reader_shared_names(const struct word *word, struct buf *out)
{
	for (size_t i = 0; i < SHARED_COUNT; i++) {
		if (allows(word, i))
			buf_addf(out, "%s:%s", out->len ? ", " : "", shared_tags[i].name);
	}
}
