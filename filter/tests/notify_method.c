/*
 * valid_notify_method and notify_method_capability (RFC 5435 sections 4 and 5; RFC 5436
 * section 2.2, RFC 8580 section 6.1).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/keys.h"
#include "filter/reply/mailto.h"
#include "filter/tests/test.h"

static int test_valid(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };

	for (size_t i = 0; i < node->strings[0].count; i++) {
		AUTO_MAILTO uri = { 0 };
		struct fault why;
		struct slice text;

		if (run_expand(run, &node->strings[0].at[i], &room, &text) < 0)
			return -1;
		run_saw(run, text);
		if (!mailto_is(text) || mailto_read(text, &uri, &why) < 0)
			return 0;
	}
	return 1;
}

/* The value, or NULL: the method or the capability is not known, or the URI is wrong. */
static const char *capability_of(struct slice method, struct slice capability)
{
	AUTO_MAILTO uri = { 0 };
	struct fault why;

	if (!mailto_is(method))
		return NULL;
	/* RFC 8580 section 6.1: a scheme is enough here. */
	if (slice_is_case(capability, "fcc"))
		return "yes";
	if (!slice_is_case(capability, "online") || mailto_read(method, &uri, &why) < 0)
		return NULL;
	return "maybe";
}

static int test_capability(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_BUF method_room = { 0 };
	AUTO_BUF capability_room = { 0 };
	struct slice method;
	struct slice capability;
	const char *value;
	int got;

	if (keys_start(&keys, run, node, &node->strings[2]) < 0 ||
		run_expand(run, node->strings[0].at, &method_room, &method) < 0 ||
		run_expand(run, node->strings[1].at, &capability_room, &capability) < 0)
		return -1;
	value = capability_of(method, capability);
	if (!value)
		return 0;
	got = keys_try(&keys, slice_text(value));
	return got != 0 ? got : keys_finish(&keys);
}

const struct word test_valid_notify_method = {
	.name = "valid_notify_method",
	.capability = CAPABILITY_ENOTIFY,
	.positions = "S",
	.test = test_valid,
};

const struct word test_notify_method_capability = {
	.name = "notify_method_capability",
	.capability = CAPABILITY_ENOTIFY,
	.uses = USES_MATCH,
	.positions = "ssS",
	.test = test_capability,
};
