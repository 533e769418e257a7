/*
 * deleteheader (RFC 5293 section 5): fields of a name, all or one of them, those whose
 * values match.
 *
 * It matches as the test "header" does, match variables and all.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/command.h"
#include "filter/language/complaint.h"
#include "filter/edit/edit.h"
#include "filter/edit/field.h"
#include "filter/keys.h"
#include "filter/tests/fields.h"

enum { TAG_INDEX, TAG_LAST };

/* Part of this extension: `require "index"` is not needed. */
static const struct tag tags[] = {
	[TAG_INDEX] = { "index", 0, 0, VALUE_NUMBER },
	[TAG_LAST] = { "last", 0, 0, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

/*
 * Section 6: what guards against mail loops stays. The last one is what mr-deliver puts on
 * redirected mail.
 */
static const char *const protected[] = { "Received", "Auto-Submitted", "X-Redirected-To", NULL };

static bool is_protected(struct slice name)
{
	for (size_t i = 0; protected[i]; i++) {
		if (slice_is_case(name, protected[i]))
			return true;
	}
	return false;
}

/* RFC 5703 section 5: what "replace" left of the message as it was. */
static bool is_original(const struct run *run, struct slice name)
{
	return run->versions && run->versions->has_originals &&
		(slice_is_case(name, "original-subject") || slice_is_case(name, "original-from"));
}

static int check_index(struct checker *checker, struct node *node)
{
	bool index = node->tags & 1U << TAG_INDEX;

	if (node->tags & 1U << TAG_LAST && !index)
		return checker_complain(checker, node, "\":last\" expected \":index\" beside it");
	if (!index)
		return 0;
	node->index.number = node->tag_values[TAG_INDEX].number;
	node->index.last = node->tags & 1U << TAG_LAST;
	if (node->index.number == 0)
		return checker_complain(checker, node, "fields are counted from 1");
	return 0;
}

static int check_delete(struct checker *checker, struct node *node)
{
	const struct template *name = node->strings[0].at;

	if (name->constant && !field_is_name(name->text))
		return checker_complain_at(checker, name,
			"\"%.*s\" is no name of a header field, expected printable ASCII without "
				"blanks and \":\"",
			SLICE_ARG(slice_first(name->text, 40)));
	if (node->match.type == MATCH_COUNT && node->strings[1].count > 0)
		return checker_complain(checker, node,
			"\":count\" chooses no field, expected a match type that looks at values");
	return check_index(checker, node);
}

struct doomed {
	struct keys *keys; /* NULL: whatever the value */
	size_t *fields;
	size_t count;
	size_t room;
};

static int visit(struct message *message, size_t field, void *context)
{
	struct doomed *d = context;
	int got = d->keys ? keys_try(d->keys, message_value(message, field)) : 1;

	if (got <= 0)
		return got;
	if (d->count == d->room) {
		d->room = d->room ? d->room * 2 : 8;
		d->fields = mem_grow(d->fields, d->room, sizeof(*d->fields));
	}
	d->fields[d->count++] = field;
	return 0;
}

static int run_delete(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_BUF room = { 0 };
	struct doomed doomed = { 0 };
	struct slice name;
	int got;

	if (run_expand(run, node->strings[0].at, &room, &name) < 0)
		return -1;
	if (!field_is_name(name))
		return run_fail(run, "\"%.*s\" is no name of a header field",
			SLICE_ARG(slice_first(name, 40)));
	if (is_protected(name) || is_original(run, name))
		return 0;
	if (node->strings[1].count > 0) {
		if (keys_start(&keys, run, node, &node->strings[1]) < 0)
			return -1;
		doomed.keys = &keys;
	}
	got = fields_each_named(run, node, name, visit, &doomed);
	if (got == 0)
		got = edit_remove_fields(run, doomed.fields, doomed.count);
	free(doomed.fields);
	return got;
}

const struct word command_deleteheader = {
	.name = "deleteheader",
	.capability = CAPABILITY_EDITHEADER,
	.uses = USES_MATCH,
	.tags = tags,
	.positions = "sS?",
	.check = check_delete,
	.run = run_delete,
};
