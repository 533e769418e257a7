/*
 * foreverypart and break (RFC 5703 section 3).
 *
 * The outermost loop begins with the message itself, an inner one with the first part in the
 * part that the loop around it is at.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/command.h"
#include "filter/language/complaint.h"
#include "filter/parts/loop.h"

enum { TAG_NAME };

static const struct tag tags[] = {
	[TAG_NAME] = { "name", 0, 1, VALUE_STRING },
	{ NULL, 0, 0, VALUE_NONE },
};

/* The name, or NULL when there is none. */
static const struct template *name_of(const struct node *node)
{
	return node->tags & 1U << TAG_NAME ? node->tag_values[TAG_NAME].strings.at : NULL;
}

static int check_name(struct checker *checker, const struct node *node)
{
	const struct template *name = name_of(node);

	if (!name || name->constant)
		return 0;
	return checker_complain_at(checker, name, "expected a name without variables");
}

static int check_loop(struct checker *checker, struct node *node)
{
	if (checker->loop_count >= LOOP_DEPTH_MAX)
		return checker_complain(checker, node,
			"loops within each other, expected at most %d", LOOP_DEPTH_MAX);
	return check_name(checker, node);
}

/* How many loops end besides the innermost one goes to node->number. */
static int check_break(struct checker *checker, struct node *node)
{
	const struct template *name = name_of(node);

	if (checker->loop_count == 0)
		return checker_complain(checker, node,
			"\"break\" expected a \"foreverypart\" around it");
	if (!name || check_name(checker, node) < 0)
		return name ? -1 : 0;
	for (size_t i = checker->loop_count; i-- > 0; node->number++) {
		const struct template *one = name_of(checker->loops[i]);

		if (one && slice_equal(one->text, name->text))
			return 0;
	}
	return checker_complain_at(checker, name,
		"no loop around this is named \"%.*s\", expected \"foreverypart :name\"",
		SLICE_ARG(slice_first(name->text, 40)));
}

/* The last number of what the loop walks through, in the message as it is now; + 1. */
static size_t end_of(const struct parts *parts, const struct loop *outer)
{
	if (!outer)
		return parts->count;
	return outer->part < parts->count ? parts->at[outer->part].end : 0;
}

static int run_loop(struct run *run, const struct node *node)
{
	const struct loop *outer = run->loop;
	struct loop here = { .part = outer ? outer->part + 1 : 0, .outer = outer };
	int result = 0;

	for (; result == 0; here.part++) {
		const struct parts *parts = loop_parts(run);

		if (!parts)
			return -1;
		if (here.part >= end_of(parts, outer))
			return loop_complete(run);
		if (loop_visit(run) < 0)
			return -1;
		run->loop = &here;
		result = evaluate_block(run, node->block);
		run->loop = outer;
	}
	if (result != EVALUATE_BREAK)
		return result;
	if (run->breaks == 0)
		return 0;
	run->breaks--;
	return EVALUATE_BREAK;
}

static int run_break(struct run *run, const struct node *node)
{
	if (run->trace)
		run->trace->action(run->trace->context, run->script, node);
	run->breaks = node->number;
	return EVALUATE_BREAK;
}

const struct word command_foreverypart = {
	.name = "foreverypart",
	.capability = CAPABILITY_FOREVERYPART,
	.uses = IS_LOOP,
	.needs = NEEDS_BODY,
	.tags = tags,
	.block = true,
	.check = check_loop,
	.run = run_loop,
};

const struct word command_break = {
	.name = "break",
	.capability = CAPABILITY_FOREVERYPART,
	.tags = tags,
	.check = check_break,
	.run = run_break,
};
