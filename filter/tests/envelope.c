/*
 * envelope (RFC 5228 section 5.4): MAIL FROM and RCPT TO, as the frame has them.
 *
 * Mail that was fetched has no envelope any more, but its last server left the sender in
 * the topmost Return-Path (RFC 5321 section 4.4): that is taken where the frame says
 * nothing. For the recipient there is no such field that can be trusted.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/keys.h"
#include "filter/tests/test.h"
#include "filter/tests/values.h"

static int check_envelope(struct checker *checker, struct node *node)
{
	for (size_t i = 0; i < node->strings[0].count; i++) {
		const struct template *name = &node->strings[0].at[i];

		if (name->constant && !values_envelope_part(name->text))
			return checker_complain_at(checker, name,
				"unknown part of the envelope \"%.*s\", expected "
					"\"from\", \"to\", \"orig_to\" or \"auth\"",
				SLICE_ARG(slice_first(name->text, 40)));
	}
	return 0;
}

static int try_value(void *context, struct slice value)
{
	return keys_try(context, value);
}

static int test_paths(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_BUF name_room = { 0 };
	struct value_spec spec = values_wanted(node, run->settings->recipient_delimiter);

	if (keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	for (size_t i = 0; i < node->strings[0].count; i++) {
		struct slice name;
		int got = run_expand(run, &node->strings[0].at[i], &name_room, &name);

		if (got < 0)
			return -1;
		if (!values_envelope_part(name))
			return run_fail(run, "unknown part of the envelope \"%.*s\"",
				SLICE_ARG(slice_first(name, 40)));
		got = values_of_envelope(run->message, name, &spec,
			try_value, &keys);
		if (got != 0)
			return got;
	}
	return keys_finish(&keys);
}

const struct word test_envelope = {
	.name = "envelope",
	.capability = CAPABILITY_ENVELOPE,
	.uses = USES_MATCH | USES_LIST | USES_PART,
	.positions = "SS",
	.check = check_envelope,
	.test = test_paths,
};
