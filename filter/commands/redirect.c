/*
 * redirect (RFC 5228 section 4.2), with :copy (RFC 3894).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/complaint.h"
#include "filter/commands/action_common.h"
#include "filter/commands/command.h"

enum { TAG_COPY };

static const struct tag tags[] = {
	[TAG_COPY] = { "copy", CAPABILITY_COPY, 0, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

static size_t behind_last(struct slice text, char byte)
{
	size_t at = text.len;

	while (at > 0 && text.ptr[at - 1] != byte)
		at--;
	return at;
}

/* What stands between the angles, or all of it but a comment behind it: an addr-spec. */
static struct slice spec_of(struct slice text)
{
	size_t from = 0;

	if (text.len > 0 && text.ptr[text.len - 1] == ')' && behind_last(text, '(') > 0)
		text = slice_trim(slice_first(text, behind_last(text, '(') - 1));
	if (text.len > 0 && text.ptr[text.len - 1] == '>') {
		text.len--;
		from = behind_last(text, '<');
	}
	return slice_from(text, from);
}

/*
 * sieve-address = addr-spec / phrase "<" addr-spec ">" (RFC 5228 2.4.2.3), put as it stands
 * in an envelope: no group, no route, no words beside a bare address, which a header may
 * hold but nobody means. Unqualified ones are no address to send mail to.
 */
static int read_address(struct slice text, struct buf *out, struct fault *why)
{
	struct address_list list = { 0 };
	struct slice spec = spec_of(slice_trim(text));
	size_t bad = 0;
	int result;

	address_read_list(text, &list, &bad);
	if (bad > 0 || list.count != 1 || list.groups.count > 0 || !list.at[0].local ||
		!list.at[0].domain || address_check_envelope(spec, NULL) < 0)
		result = fault_set(why, FAULT_RUNTIME,
			"\"%.*s\" is not one address, expected name@domain",
			SLICE_ARG(slice_first(text, 80)));
	else {
		address_put(out, &list.at[0]);
		result = address_check_envelope(buf_slice(out), why);
	}
	address_list_free(&list);
	return result;
}

static int check_redirect(struct checker *checker, struct node *node)
{
	const struct template *to = node->strings[0].at;
	AUTO_BUF address = { 0 };
	struct fault why;

	if (to->constant && read_address(to->text, &address, &why) < 0)
		return checker_complain_at(checker, to, "%s", why.text);
	return 0;
}

static int run_redirect(struct run *run, const struct node *node)
{
	struct action action = { .kind = ACTION_REDIRECT };
	AUTO_BUF room = { 0 };
	AUTO_BUF address = { 0 };
	struct slice text;
	struct fault why;

	if (run_expand(run, node->strings[0].at, &room, &text) < 0)
		return -1;
	if (read_address(text, &address, &why) < 0)
		return run_fail(run, "%s", why.text);
	action.target = buf_give(&address);
	if (!(node->tags & 1U << TAG_COPY))
		run->outcome->cancelled = true;
	return action_file(run, &action);
}

const struct word command_redirect = {
	.name = "redirect",
	.tags = tags,
	.positions = "s",
	.check = check_redirect,
	.run = run_redirect,
};
