/*
 * raw (vnd.mailrail.raw): the message undecoded, as procmail's conditions see it: the header,
 * its fields unfolded, as one text; the body; or both.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/scan.h"
#include "filter/score/raw_text.h"
#include "filter/tests/raw.h"
#include "filter/tests/test.h"

enum { TAG_HEADER, TAG_BODY, TAG_MESSAGE };

static const struct tag tags[] = {
	[TAG_HEADER] = { "header", 0, 1, VALUE_NONE },
	[TAG_BODY] = { "body", 0, 1, VALUE_NONE },
	[TAG_MESSAGE] = { "message", 0, 1, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

unsigned raw_parts(const struct node *node)
{
	if (node->tags & 1U << TAG_BODY)
		return RAW_BODY;
	return node->tags & 1U << TAG_MESSAGE ? RAW_HEADER | RAW_BODY : RAW_HEADER;
}

static int check_raw(struct checker *checker, struct node *node)
{
	if (raw_parts(node) & RAW_BODY)
		checker->script->needs |= NEEDS_BODY;
	return 0;
}

static int feed(void *context, struct slice bytes)
{
	struct scan *scan = context;

	scan_feed(scan, bytes);
	return scan->result;
}

static int test_text(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_SCAN scan = { 0 };

	if (keys_start(&keys, run, node, &node->strings[0]) < 0)
		return -1;
	scan_start(&scan, &keys);
	scan_begin(&scan);
	if (raw_text_each(run, raw_parts(node), feed, &scan) < 0)
		return -1;
	scan_end(&scan);
	return scan.result != 0 ? scan.result : keys_finish(&keys);
}

const struct word test_raw = {
	.name = "raw",
	.capability = CAPABILITY_RAW,
	.uses = USES_MATCH | LONG_TEXT,
	.tags = tags,
	.positions = "S",
	.check = check_raw,
	.test = test_text,
};
