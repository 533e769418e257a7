/*
 * size (RFC 5228 section 5.9): the bytes of the message as it came.
 *
 * SPDX-License-Identifier: ISC
 */
#include <inttypes.h>

#include "filter/language/complaint.h"
#include "filter/evaluate.h"
#include "filter/tests/size.h"
#include "filter/tests/test.h"

enum { TAG_OVER, TAG_UNDER };

static const struct tag tags[] = {
	[TAG_OVER] = { "over", 0, 1, VALUE_NONE },
	[TAG_UNDER] = { "under", 0, 1, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

static int check_size(struct checker *checker, struct node *node)
{
	if (node->tags)
		return 0;
	return checker_complain(checker, node, "\"size\" expected \":over\" or \":under\"");
}

bool size_is_over(const struct node *node)
{
	return node->tags & 1U << TAG_OVER;
}

static int test_bytes(struct run *run, const struct node *node)
{
	uint64_t size = run->message->size;

	if (run->trace) {
		AUTO_BUF seen = { 0 };

		buf_addf(&seen, "%" PRIu64, size);
		run_saw(run, buf_slice(&seen));
	}
	return size_is_over(node) ? size > node->number : size < node->number;
}

const struct word test_size = {
	.name = "size",
	.needs = NEEDS_SIZE,
	.tags = tags,
	.positions = "n",
	.check = check_size,
	.test = test_bytes,
};
