/*
 * redirect (RFC 5228 section 4.2), with :copy (RFC 3894) and :list (RFC 6134 section 2.3).
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/commands/action_common.h"
#include "filter/commands/command.h"
#include "filter/keys.h"

enum { TAG_COPY, TAG_LIST };

static const struct tag tags[] = {
	[TAG_COPY] = { "copy", CAPABILITY_COPY, 0, VALUE_NONE },
	[TAG_LIST] = { "list", CAPABILITY_EXTLISTS, 0, VALUE_NONE },
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

	if (node->tags & 1U << TAG_LIST)
		return keys_check_list(checker, to);
	if (to->constant && read_address(to->text, &address, &why) < 0)
		return checker_complain_at(checker, to, "%s", why.text);
	return 0;
}

static int redirect_to(struct run *run, struct slice text)
{
	struct action action = { .kind = ACTION_REDIRECT };
	AUTO_BUF address = { 0 };
	struct fault why;

	if (read_address(text, &address, &why) < 0)
		return run_fail(run, "%s", why.text);
	action.target = buf_give(&address);
	return action_file(run, &action);
}

/* To all in the list, as far as filter.max-redirects goes: one more is an error. */
static int redirect_to_list(struct run *run, struct slice name)
{
	const struct list *list;
	struct list_entry entry;
	size_t at = 0;
	size_t count = 0;

	if (keys_find_list(run, name, &list) < 0)
		return -1;
	for (; list_next(list, &at, &entry); count++) {
		if (redirect_to(run, entry.key) < 0)
			return -1;
	}
	/* To nobody would be a discard that nobody meant. */
	return count > 0 ? 0 : run_fail(run, "list \"%.*s\" holds no address",
					SLICE_ARG(slice_first(name, 80)));
}

static int run_redirect(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };
	struct slice text;

	if (run_expand(run, node->strings[0].at, &room, &text) < 0)
		return -1;
	if (!(node->tags & 1U << TAG_COPY))
		run->outcome->cancelled = true;
	return node->tags & 1U << TAG_LIST ? redirect_to_list(run, text) : redirect_to(run, text);
}

const struct word command_redirect = {
	.name = "redirect",
	.tags = tags,
	.positions = "s",
	.check = check_redirect,
	.run = run_redirect,
};
