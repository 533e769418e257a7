/*
 * duplicate (RFC 7352): was this unique id seen before? Asked as a question about a key; the
 * answer is remembered by an action "mark", which counts when the message is stored.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/duplicates.h"
#include "filter/evaluate.h"
#include "filter/tests/test.h"

enum { TAG_HANDLE, TAG_HEADER, TAG_UNIQUEID, TAG_SECONDS, TAG_LAST };

static const struct tag tags[] = {
	[TAG_HANDLE] = { "handle", 0, 0, VALUE_STRING },
	[TAG_HEADER] = { "header", 0, 1, VALUE_STRING },
	[TAG_UNIQUEID] = { "uniqueid", 0, 1, VALUE_STRING },
	[TAG_SECONDS] = { "seconds", 0, 0, VALUE_NUMBER },
	[TAG_LAST] = { "last", 0, 0, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

static bool has(const struct node *node, unsigned row)
{
	return (node->tags & 1U << row) != 0;
}

static int expand(struct run *run, const struct node *node, unsigned row, struct buf *room,
	struct slice *out)
{
	return run_expand(run, &node->tag_values[row].strings.at[0], room, out);
}

/* Section 3.1: of several fields the first counts. 1, 0: there is none, -1. */
static int find_id(struct run *run, const struct node *node, struct buf *room, struct slice *out)
{
	struct slice name = SLICE("Message-ID");
	size_t field;

	if (has(node, TAG_UNIQUEID))
		return expand(run, node, TAG_UNIQUEID, room, out) < 0 ? -1 : 1;
	if (has(node, TAG_HEADER) && expand(run, node, TAG_HEADER, room, &name) < 0)
		return -1;
	field = message_find(run->message, name);
	if (field == MESSAGE_NONE)
		return 0;
	*out = message_value(run->message, field);
	/* What says nothing tells no two messages apart. */
	return out->len > 0;
}

/* Section 3.3: what is more than the limit is the limit. 0: nothing is tracked. */
static int64_t seconds(const struct run *run, const struct node *node)
{
	const struct filter_settings *s = run->settings;
	int64_t max = s->duplicate_max / 1000;
	uint64_t given;

	if (!has(node, TAG_SECONDS))
		return s->duplicate_default / 1000 < max ? s->duplicate_default / 1000 : max;
	given = node->tag_values[TAG_SECONDS].number;
	return given < (uint64_t)max ? (int64_t)given : max;
}

static void mark(struct run *run, const struct buf *key, int64_t time, bool again)
{
	struct action action = { .kind = ACTION_MARK, .seconds = time, .last = again };

	action.target = mem_text(buf_text(key));
	action.rule = run_rule(run);
	outcome_file(run->outcome, &action);
}

static int test_seen(struct run *run, const struct node *node)
{
	AUTO_BUF handle_room = { 0 };
	AUTO_BUF id_room = { 0 };
	AUTO_BUF key = { 0 };
	int64_t time = seconds(run, node);
	struct slice handle;
	struct slice id;
	struct fault why;
	int got = find_id(run, node, &id_room, &id);

	if (got <= 0 || time == 0)
		return got < 0 ? -1 : 0;
	if (has(node, TAG_HANDLE) && expand(run, node, TAG_HANDLE, &handle_room, &handle) < 0)
		return -1;
	duplicates_key(has(node, TAG_HANDLE) ? &handle : NULL, id, &key);
	if (key.len == 0)
		buf_add_byte(&key, '%');
	run_saw(run, id);
	got = questions_ask(run->questions, QUESTION_DUPLICATE, buf_slice(&key), &why);
	if (got < 0)
		return run_fail(run, "%s", why.text);
	if (got == 0 || has(node, TAG_LAST))
		mark(run, &key, time, got == 1);
	return got;
}

const struct word test_duplicate = {
	.name = "duplicate",
	.capability = CAPABILITY_DUPLICATE,
	.tags = tags,
	.positions = "",
	.test = test_seen,
};
