/*
 * What explain prints for programs that want to know why: one JSON object per message, each
 * on a line of its own (RFC 8259). mr-filter(1) has its members.
 *
 * SPDX-License-Identifier: ISC
 */
#include <inttypes.h>

#include "common/base/json.h"
#include "filter/verbs/plain.h"
#include "filter/verbs/report.h"

static void put_member(struct buf *out, const char *name, const char *text)
{
	if (!text)
		return;
	buf_addf(out, ", \"%s\": ", name);
	json_put_text(out, slice_text(text));
}

static void put_list(struct buf *out, const char *name, const struct strings *list)
{
	buf_addf(out, ", \"%s\": [", name);
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			buf_add_text(out, ", ");
		json_put_text(out, slice_text(list->at[i]));
	}
	buf_add_byte(out, ']');
}

static void put_field(struct buf *out, struct message *message, const char *field,
	const char *name)
{
	size_t at = message_find(message, slice_text(field));

	if (at == MESSAGE_NONE)
		return;
	buf_addf(out, ", \"%s\": ", name);
	json_put_text(out, message_value(message, at));
}

static void begin(struct report *r, const char *source, struct message *message)
{
	struct buf *out = &r->head;

	buf_addf(out, "{\"message\": %" PRIu64, r->messages);
	put_member(out, "source", source);
	put_field(out, message, "From", "from");
	put_field(out, message, "Subject", "subject");
	put_field(out, message, "Date", "date");
	put_field(out, message, "Message-ID", "message-id");
}

static void test(struct report *r, const char *place, const struct node *node, bool result,
	struct slice seen)
{
	struct buf *out = &r->tests;

	buf_addf(out, "%s{\"result\": %s", out->len > 0 ? ", " : "", result ? "true" : "false");
	put_member(out, "rule", place);
	buf_add_text(out, ", \"test\": ");
	json_put_text(out, node->source);
	if (seen.len > 0) {
		buf_add_text(out, ", \"saw\": ");
		json_put_text(out, seen);
	}
	buf_add_byte(out, '}');
}

static void note(struct report *r, const char *place, const char *text)
{
	struct buf *out = &r->notes;

	buf_addf(out, "%s{\"note\": ", out->len > 0 ? ", " : "");
	json_put_text(out, slice_text(text));
	put_member(out, "rule", place);
	buf_add_byte(out, '}');
}

static void put_number(struct buf *out, const char *name, int64_t number)
{
	if (number > 0)
		buf_addf(out, ", \"%s\": %" PRId64, name, number);
}

static void put_true(struct buf *out, const char *name, bool given)
{
	if (given)
		buf_addf(out, ", \"%s\": true", name);
}

static void put_action(struct buf *out, const struct action *a)
{
	buf_add_text(out, "{\"action\": ");
	json_put_text(out, slice_text(action_name(a->kind)));
	put_member(out, "rule", a->rule);
	put_true(out, "implicit", plain_is_implicit(a));
	put_member(out, "target", a->target);
	if (a->has_flags)
		put_list(out, "flags", &a->flags);
	put_true(out, "create", a->create);
	put_member(out, "special-use", a->special_use);
	put_member(out, "from", a->from);
	put_member(out, "handle", a->handle);
	put_number(out, "seconds", a->seconds);
	put_member(out, "fcc", a->fcc);
	if (a->kind == ACTION_PIPE)
		put_list(out, "arguments", &a->arguments);
	put_true(out, "last", a->last);
	put_true(out, "try", a->attempt);
	put_true(out, "header", a->header_only);
	put_true(out, "body", a->body_only);
	put_member(out, "lock", a->lock);
	put_number(out, "timeout", a->timeout);
	put_member(out, "text", a->text);
	put_number(out, "state", a->version);
	buf_add_byte(out, '}');
}

static void end(struct report *r, const struct verdict *verdict,
	const struct questions *questions, struct buf *out)
{
	buf_add_slice(out, buf_slice(&r->head));
	buf_add_text(out, ", \"actions\": [");
	for (size_t i = 0; i < verdict->count; i++) {
		if (i > 0)
			buf_add_text(out, ", ");
		put_action(out, &verdict->actions[i]);
	}
	buf_add_byte(out, ']');
	if (verdict->error.kind != FAULT_NONE)
		put_member(out, "error", verdict->error.text);
	buf_add_text(out, ", \"tests\": [");
	buf_add_slice(out, buf_slice(&r->tests));
	buf_add_text(out, "], \"notes\": [");
	buf_add_slice(out, buf_slice(&r->notes));
	buf_add_byte(out, ']');
	put_list(out, "asked", &questions->record);
	buf_add_text(out, "}\n");
}

const struct report_form report_json = { .begin = begin, .test = test, .note = note,
	.end = end,
	.everything = true };
