/*
 * vacation (RFC 5230), with :seconds (RFC 6131) and :fcc (RFC 8580).
 *
 * The action holds the whole reply. Whether one is due is not known here: mr-deliver asks its
 * ledger by handle and recipient when it commits.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/action_common.h"
#include "filter/commands/command.h"
#include "filter/edit/versions.h"
#include "filter/reply/digest.h"
#include "filter/reply/entity.h"
#include "filter/reply/fcc.h"
#include "filter/reply/guard.h"
#include "filter/reply/mailboxes.h"
#include "filter/reply/own.h"
#include "filter/reply/vacation_reply.h"

enum { TAG_DAYS = FCC_TAGS, TAG_SECONDS, TAG_SUBJECT, TAG_FROM, TAG_ADDRESSES, TAG_MIME,
	TAG_HANDLE };

static const struct tag tags[] = {
	FCC_TAG_ROWS,
	[TAG_DAYS] = { "days", 0, 1, VALUE_NUMBER },
	[TAG_SECONDS] = { "seconds", CAPABILITY_VACATION_SECONDS, 1, VALUE_NUMBER },
	[TAG_SUBJECT] = { "subject", 0, 0, VALUE_STRING },
	[TAG_FROM] = { "from", 0, 0, VALUE_STRING },
	[TAG_ADDRESSES] = { "addresses", 0, 0, VALUE_STRINGS },
	[TAG_MIME] = { "mime", 0, 0, VALUE_NONE },
	[TAG_HANDLE] = { "handle", 0, 0, VALUE_STRING },
	{ NULL, 0, 0, VALUE_NONE },
};

enum { DAY = 86400 };
/* RFC 6131 section 2 */
#define SECONDS_MAX ((uint64_t)1 << 31)
/* LIMIT: a handle that stands in the ledger as it is; of a longer one its digest does. */
enum { HANDLE_MAX = 100 };

static bool has(const struct node *node, unsigned row)
{
	return node->tags & 1U << row;
}

static const struct template *text_of(const struct node *node, unsigned row)
{
	return node->tag_values[row].strings.at;
}

static int check_vacation(struct checker *checker, struct node *node)
{
	const struct template *reason = node->strings[0].at;
	const struct template *from = has(node, TAG_FROM) ? text_of(node, TAG_FROM) : NULL;
	AUTO_BUF field = { 0 };
	struct fault why;

	if (has(node, TAG_SECONDS) && node->tag_values[TAG_SECONDS].number > SECONDS_MAX)
		return checker_complain(checker, node,
			"\":seconds\" expected at most 2147483648 (RFC 6131)");
	if (from && from->constant &&
		mailboxes_put("From", from->text, &field, NULL, &why) < 0)
		return checker_complain_at(checker, from, "%s", why.text);
	if (has(node, TAG_MIME) && reason->constant && entity_check(reason->text, &why) < 0)
		return checker_complain_at(checker, reason, "%s", why.text);
	return fcc_check(checker, node);
}

/* Sections 4.1 and RFC 6131 2; a day is the least for :days. The settings are milliseconds. */
static int64_t period(const struct run *run, const struct node *node)
{
	const struct vacation_settings *s = &run->settings->vacation;
	int64_t least = s->least / 1000;
	int64_t most = s->most / 1000;
	int64_t wanted = s->otherwise / 1000;

	if (has(node, TAG_SECONDS)) {
		wanted = (int64_t)node->tag_values[TAG_SECONDS].number;
	} else if (has(node, TAG_DAYS)) {
		uint64_t days = node->tag_values[TAG_DAYS].number;

		wanted = days > (uint64_t)(INT64_MAX / DAY) ? INT64_MAX : (int64_t)days * DAY;
		least = least > DAY ? least : DAY;
	}
	if (wanted > most)
		wanted = most;
	return wanted < least ? least : wanted;
}

static bool is_readable(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return false;
	}
	return text.len > 0 && text.len <= HANDLE_MAX;
}

/* Section 4.2: the arguments as they stand in the script, before variables are put in. */
static void digest_arguments(const struct node *node, struct buf *out)
{
	static const unsigned rows[] = { TAG_SUBJECT, TAG_FROM };
	AUTO_BUF row = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		digest_add_text(&row, has(node, rows[i]) ? SLICE("given") : SLICE(""));
		if (has(node, rows[i]))
			digest_add_text(&row, text_of(node, rows[i])->raw);
	}
	digest_add_text(&row, has(node, TAG_MIME) ? SLICE("mime") : SLICE(""));
	digest_add_text(&row, node->strings[0].at->raw);
	digest_put_row(&row, out);
}

static int take_handle(struct run *run, const struct node *node, char **out)
{
	AUTO_BUF room = { 0 };
	AUTO_BUF handle = { 0 };
	AUTO_BUF row = { 0 };
	struct slice text;

	buf_add_text(&handle, "auto-");
	if (!has(node, TAG_HANDLE)) {
		digest_arguments(node, &handle);
	} else if (run_expand(run, text_of(node, TAG_HANDLE), &room, &text) < 0) {
		return -1;
	} else if (is_readable(text)) {
		buf_set(&handle, text);
	} else {
		digest_add_text(&row, text);
		digest_put_row(&row, &handle);
	}
	*out = buf_give(&handle);
	return 0;
}

static int collect_own(struct run *run, const struct node *node, struct strings *own)
{
	AUTO_STRINGS given = { 0 };

	if (has(node, TAG_ADDRESSES) &&
		run_expand_all(run, &node->tag_values[TAG_ADDRESSES].strings, &given) < 0)
		return -1;
	own_addresses(run->message, run->settings, own);
	for (size_t i = 0; i < given.count; i++)
		own_add(own, slice_text(given.at[i]));
	return 0;
}

static int compose(struct run *run, const struct node *node, const struct strings *own,
	struct action *action)
{
	AUTO_FREE char *rule = run_rule(run);
	AUTO_BUF subject = { 0 };
	AUTO_BUF from = { 0 };
	AUTO_BUF reason = { 0 };
	AUTO_BUF address = { 0 };
	AUTO_BUF text = { 0 };
	struct vacation_reply reply = { .message = run->message, .to = slice_text(action->target),
		.has_subject = has(node, TAG_SUBJECT), .mime = has(node, TAG_MIME), .rule = rule,
		.now = run->now };
	struct fault why;
	int result = 0;

	if (has(node, TAG_SUBJECT))
		result = run_expand(run, text_of(node, TAG_SUBJECT), &subject, &reply.subject);
	if (result == 0 && has(node, TAG_FROM))
		result = run_expand(run, text_of(node, TAG_FROM), &from, &reply.from);
	if (result == 0)
		result = run_expand(run, node->strings[0].at, &reason, &reply.reason);
	own_choose(run->message, own, &address);
	reply.own = buf_slice(&address);
	if (result == 0 && vacation_reply_put(&reply, &text, &why) < 0)
		result = run_fail(run, "%s", why.text);
	action->text = buf_give(&text);
	return result;
}

static int put_action(struct run *run, const struct node *node, const struct strings *own,
	struct slice sender)
{
	struct action action = { .kind = ACTION_VACATION, .target = slice_copy(sender),
		.seconds = period(run, node) };

	if (take_handle(run, node, &action.handle) < 0 || fcc_take(run, node, &action) < 0 ||
		compose(run, node, own, &action) < 0) {
		action_clear(&action);
		return -1;
	}
	return action_file(run, &action);
}

static int run_vacation(struct run *run, const struct node *node)
{
	AUTO_STRINGS own = { 0 };
	AUTO_BUF sender = { 0 };
	AUTO_BUF reason = { 0 };

	if (action_allowed(run, ACTION_VACATION) < 0)
		return -1;
	if (run->outcome->vacation)
		return run_fail(run, "vacation runs once in a script (RFC 5230 4.7)");
	run->outcome->vacation = true;
	if (run->before->vacation) {
		run_note(run, "no reply: vacation has run in a file before this one");
		return 0;
	}
	if (collect_own(run, node, &own) < 0)
		return -1;
	/* What encloses a message hides the field that guards against loops. */
	if ((!run->versions || guard_notify(versions_message(run->versions, 0), &reason)) &&
		guard_reply(run->message, &own, &sender, &reason))
		return put_action(run, node, &own, buf_slice(&sender));
	run_note(run, "no reply: %s", buf_text(&reason));
	return 0;
}

const struct word command_vacation = {
	.name = "vacation",
	.capability = CAPABILITY_VACATION,
	.tags = tags,
	.positions = "s",
	.check = check_vacation,
	.run = run_vacation,
};
