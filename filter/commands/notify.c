/*
 * notify (RFC 5435) by mail (RFC 5436), with :fcc (RFC 8580).
 *
 * One action for each recipient, all with the same text. Nobody is told twice of one message.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/action_common.h"
#include "filter/commands/command.h"
#include "filter/edit/versions.h"
#include "filter/reply/fcc.h"
#include "filter/reply/guard.h"
#include "filter/reply/notification.h"
#include "filter/reply/own.h"
#include "filter/reply/sender.h"

enum { TAG_FROM = FCC_TAGS, TAG_IMPORTANCE, TAG_OPTIONS, TAG_MESSAGE };

static const struct tag tags[] = {
	FCC_TAG_ROWS,
	[TAG_FROM] = { "from", 0, 0, VALUE_STRING },
	[TAG_IMPORTANCE] = { "importance", 0, 0, VALUE_STRING },
	[TAG_OPTIONS] = { "options", 0, 0, VALUE_STRINGS },
	[TAG_MESSAGE] = { "message", 0, 0, VALUE_STRING },
	{ NULL, 0, 0, VALUE_NONE },
};

static bool has(const struct node *node, unsigned row)
{
	return node->tags & 1U << row;
}

static const struct template *text_of(const struct node *node, unsigned row)
{
	return node->tag_values[row].strings.at;
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* <optionname>=<value> (section 3.5); by mail none has a meaning. */
static bool is_option(struct slice text)
{
	ptrdiff_t equal = slice_find_byte(text, '=');

	if (equal < 1 || !is_alnum(text.ptr[0]))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool name = i < (size_t)equal;

		if (c == '\0' || c == '\n' || c == '\r' ||
			(name && !is_alnum(c) && c != '.' && c != '-' && c != '_'))
			return false;
	}
	return true;
}

static bool is_importance(struct slice text)
{
	return text.len == 1 && text.ptr[0] >= '1' && text.ptr[0] <= '3';
}

#define WRONG_IMPORTANCE "expected \"1\", \"2\" or \"3\" behind \":importance\""
#define WRONG_OPTION "an option expected NAME=VALUE"

static int check_options(struct checker *checker, const struct node *node)
{
	const struct template_list *list = &node->tag_values[TAG_OPTIONS].strings;

	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].constant && !is_option(list->at[i].text))
			return checker_complain_at(checker, &list->at[i], WRONG_OPTION);
	}
	return 0;
}

/* A method that is none of ours is an error only when it runs (section 3.2). */
static int check_notify(struct checker *checker, struct node *node)
{
	const struct template *method = node->strings[0].at;
	const struct template *from = has(node, TAG_FROM) ? text_of(node, TAG_FROM) : NULL;
	const struct template *importance = has(node, TAG_IMPORTANCE) ?
		text_of(node, TAG_IMPORTANCE) : NULL;
	AUTO_MAILTO uri = { 0 };
	struct fault why;

	if (from && from->constant && notification_check_from(from->text, &why) < 0)
		return checker_complain_at(checker, from, "%s", why.text);
	if (importance && importance->constant && !is_importance(importance->text))
		return checker_complain_at(checker, importance, WRONG_IMPORTANCE);
	if (has(node, TAG_OPTIONS) && check_options(checker, node) < 0)
		return -1;
	if (method->constant && mailto_is(method->text) &&
		mailto_read(method->text, &uri, &why) < 0)
		return checker_complain_at(checker, method, "%s", why.text);
	return fcc_check(checker, node);
}

static int take_importance(struct run *run, const struct node *node, int *out)
{
	AUTO_BUF room = { 0 };
	struct slice text;

	*out = 2;
	if (!has(node, TAG_IMPORTANCE))
		return 0;
	if (run_expand(run, text_of(node, TAG_IMPORTANCE), &room, &text) < 0)
		return -1;
	if (!is_importance(text))
		return run_fail(run, WRONG_IMPORTANCE);
	*out = text.ptr[0] - '0';
	return 0;
}

static int take_options(struct run *run, const struct node *node)
{
	const struct template_list *list;
	AUTO_BUF room = { 0 };
	struct slice text;

	if (!has(node, TAG_OPTIONS))
		return 0;
	list = &node->tag_values[TAG_OPTIONS].strings;
	for (size_t i = 0; i < list->count; i++) {
		if (run_expand(run, &list->at[i], &room, &text) < 0)
			return -1;
		if (!is_option(text))
			return run_fail(run, WRONG_OPTION);
	}
	return 0;
}

static int take_uri(struct run *run, const struct node *node, struct mailto *out)
{
	AUTO_BUF room = { 0 };
	struct slice method;
	struct fault why;

	if (run_expand(run, node->strings[0].at, &room, &method) < 0)
		return -1;
	if (!mailto_is(method))
		return run_fail(run, "no method of notification for \"%.*s\", expected mailto:",
			SLICE_ARG(slice_first(method, 60)));
	return mailto_read(method, out, &why) < 0 ? run_fail(run, "%s", why.text) : 0;
}

static int compose(struct run *run, const struct node *node, const struct mailto *uri,
	struct buf *text, struct buf *author)
{
	AUTO_FREE char *rule = run_rule(run);
	AUTO_STRINGS own = { 0 };
	AUTO_BUF address = { 0 };
	AUTO_BUF from = { 0 };
	AUTO_BUF subject = { 0 };
	struct notification n = { .message = run->message, .uri = uri, .rule = rule,
		.has_subject = has(node, TAG_MESSAGE), .now = run->now };
	struct fault why;

	if (take_importance(run, node, &n.importance) < 0)
		return -1;
	if (has(node, TAG_FROM) && run_expand(run, text_of(node, TAG_FROM), &from, &n.from) < 0)
		return -1;
	if (has(node, TAG_FROM) && notification_check_from(n.from, &why) < 0)
		return run_fail(run, "%s", why.text);
	if (has(node, TAG_MESSAGE) &&
		run_expand(run, text_of(node, TAG_MESSAGE), &subject, &n.subject) < 0)
		return -1;
	own_addresses(run->message, run->settings, &own);
	own_choose(run->message, &own, &address);
	n.own = buf_slice(&address);
	return notification_put(&n, text, author, &why) < 0 ? run_fail(run, "%s", why.text) : 0;
}

static bool is_told(const struct outcome *o, const char *recipient)
{
	for (size_t i = 0; i < o->count; i++) {
		if (o->actions[i].kind == ACTION_NOTIFY &&
			strcmp(o->actions[i].target, recipient) == 0)
			return true;
	}
	return false;
}

/* What is common to the actions of all recipients. */
struct telling {
	const struct node *node;
	struct slice text;
	const char *from; /* NULL: the null sender */
	bool copied;      /* :fcc stands in one of them */
};

static int tell(struct run *run, struct telling *t, const char *recipient)
{
	struct action action = { .kind = ACTION_NOTIFY, .from = mem_text(t->from) };
	const struct limits *limits = &run->settings->limits;

	if (is_told(run->outcome, recipient) || is_told(run->before, recipient)) {
		run_note(run, "%s has been told of this message", recipient);
		action_clear(&action);
		return 0;
	}
	if (!t->copied && fcc_take(run, t->node, &action) < 0) {
		action_clear(&action);
		return -1;
	}
	t->copied = true;
	action.target = mem_text(recipient);
	action.text = slice_copy(t->text);
	if (action_file(run, &action) < 0)
		return -1;
	if (outcome_count(run->outcome, ACTION_NOTIFY) +
		outcome_count(run->before, ACTION_NOTIFY) > (size_t)limits->notifications)
		return run_fail(run, "more than %ld notifications (filter.max-notifications)",
			limits->notifications);
	return 0;
}

static int tell_all(struct run *run, const struct node *node, const struct mailto *uri)
{
	const struct strings *lists[] = { &uri->to, &uri->cc };
	AUTO_BUF text = { 0 };
	AUTO_BUF author = { 0 };
	AUTO_BUF sender = { 0 };
	struct telling t = { .node = node };

	if (compose(run, node, uri, &text, &author) < 0)
		return -1;
	/* RFC 5436 section 2.7: what came from the null sender goes on from it. */
	if (sender_read(run->message, &sender) && sender.len > 0)
		t.from = buf_text(&author);
	t.text = buf_slice(&text);
	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < lists[i]->count; j++) {
			if (tell(run, &t, lists[i]->at[j]) < 0)
				return -1;
		}
	}
	return 0;
}

static int run_notify(struct run *run, const struct node *node)
{
	AUTO_MAILTO uri = { 0 };
	AUTO_BUF reason = { 0 };

	if (take_options(run, node) < 0 || take_uri(run, node, &uri) < 0)
		return -1;
	/* What encloses a message hides the field, and the loop would go on. */
	if (!guard_notify(run->message, &reason) ||
		(run->versions &&
			!guard_notify(versions_message(run->versions, 0), &reason)))
		run_note(run, "no notification: %s", buf_text(&reason));
	else if (uri.to.count + uri.cc.count == 0)
		run_note(run, "no notification: its URI names no recipient");
	else
		return tell_all(run, node, &uri);
	return 0;
}

const struct word command_notify = {
	.name = "notify",
	.capability = CAPABILITY_ENOTIFY,
	.tags = tags,
	.positions = "s",
	.check = check_notify,
	.run = run_notify,
};
