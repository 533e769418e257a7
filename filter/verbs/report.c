/*
 * What explain prints of one message: see report.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/say.h"
#include "common/mail/token.h"
#include "filter/flags.h"

/* LIMIT: bytes of a test or a value that are shown; and of a field of the message. */
enum { SHOWN_SOURCE = 160, SHOWN_SEEN = 200, SHOWN_FIELD = 120 };

static void print(const struct buf *text)
{
	fwrite(buf_text(text), 1, text->len, stdout);
}

/* The bytes on one line, blanks as one space each run, cut with "..." */
static void put_line(struct buf *out, struct slice text, size_t most)
{
	AUTO_BUF flat = { 0 };
	bool blank = false;

	for (size_t i = 0; i < text.len && flat.len < most; i++) {
		char c = text.ptr[i];

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			blank = flat.len > 0;
			continue;
		}
		if (blank)
			buf_add_byte(&flat, ' ');
		blank = false;
		buf_add_byte(&flat, c);
	}
	say_visible(out, buf_slice(&flat));
	if (flat.len >= most)
		buf_add_text(out, "...");
}

static void put_field(struct buf *out, struct message *message, const char *name)
{
	size_t at = message_find(message, slice_text(name));

	if (at == MESSAGE_NONE)
		return;
	buf_addf(out, "  %s: ", name);
	put_line(out, message_value(message, at), SHOWN_FIELD);
	buf_add_byte(out, '\n');
}

void report_begin(struct report *r, const char *source, struct message *message)
{
	AUTO_BUF text = { 0 };

	if (r->messages++ > 0)
		buf_add_byte(&text, '\n');
	buf_clear(&r->tests);
	if (!r->plain) {
		buf_addf(&text, "message %" PRIu64 ", from %s\n", r->messages, source);
		put_field(&text, message, "From");
		put_field(&text, message, "Subject");
		put_field(&text, message, "Date");
	}
	print(&text);
}

static void on_test(void *context, const struct script *script, const struct node *node,
	bool result, struct slice seen)
{
	struct report *r = context;
	AUTO_BUF place = { 0 };

	if (r->plain || (!result && !r->all) || node->word->tests == TESTS_LIST)
		return;
	buf_addf(&place, "%s:%u", script->label, node->line);
	buf_addf(&r->tests, "    %-24s %-5s  ", place.ptr, result ? "true" : "false");
	put_line(&r->tests, node->source, SHOWN_SOURCE);
	buf_add_byte(&r->tests, '\n');
	if (seen.len == 0)
		return;
	buf_addf(&r->tests, "    %-24s        saw: ", "");
	put_line(&r->tests, seen, SHOWN_SEEN);
	buf_add_byte(&r->tests, '\n');
}

static void on_action(void *context, const struct script *script, const struct node *node)
{
	struct report *r = context;
	AUTO_BUF place = { 0 };

	if (r->plain || !r->all)
		return;
	buf_addf(&place, "%s:%u", script->label, node->line);
	buf_addf(&r->tests, "    %-24s ran    ", place.ptr);
	put_line(&r->tests, node->source, SHOWN_SOURCE);
	buf_add_byte(&r->tests, '\n');
}

static void on_note(void *context, const struct script *script, const struct node *node,
	const char *text)
{
	struct report *r = context;
	AUTO_BUF place = { 0 };

	if (r->plain)
		return;
	buf_addf(&place, "%s:%u", script->label, node->line);
	buf_addf(&r->tests, "    %-24s note   ", place.ptr);
	put_line(&r->tests, slice_text(text), SHOWN_SOURCE);
	buf_add_byte(&r->tests, '\n');
}

struct trace report_trace(struct report *r)
{
	return (struct trace){ .test = on_test, .action = on_action, .note = on_note,
		.context = r };
}

static bool is_implicit(const struct action *a)
{
	return a->kind == ACTION_KEEP &&
		(strcmp(a->rule, "implicit") == 0 || slice_starts(slice_text(a->rule), "error"));
}

/* action = ( "implicit-keep" / "keep" / "discard" / verb SP string ) [ " flags " string ] */
static void put_action(struct buf *out, const struct action *a)
{
	AUTO_BUF flags = { 0 };

	buf_add_text(out, is_implicit(a) ? "implicit-keep" : action_name(a->kind));
	if (a->target) {
		buf_add_byte(out, ' ');
		token_put_string(out, slice_text(a->target));
	}
	if (!a->has_flags)
		return;
	flags_put(&flags, &a->flags);
	buf_add_text(out, " flags ");
	token_put_string(out, buf_slice(&flags));
}

static void put_questions(struct buf *out, const struct questions *questions)
{
	for (size_t i = 0; i < questions->record.count; i++) {
		buf_add_text(out, "    asked: ");
		put_line(out, slice_text(questions->record.at[i]), SHOWN_SOURCE);
		buf_add_byte(out, '\n');
	}
}

void report_end(struct report *r, const struct verdict *verdict,
	const struct questions *questions)
{
	AUTO_BUF text = { 0 };

	for (size_t i = 0; i < verdict->count; i++) {
		const struct action *a = &verdict->actions[i];
		AUTO_BUF line = { 0 };

		put_action(&line, a);
		if (r->plain)
			buf_addf(&text, "%s # %s\n", line.ptr, a->rule);
		else
			buf_addf(&text, "  -> %-40s %s\n", line.ptr,
				strcmp(a->rule, "implicit") == 0 ? "(no rule took it)" : a->rule);
	}
	if (!r->plain && verdict->error.kind != FAULT_NONE)
		buf_addf(&text, "  !! %s\n", verdict->error.text);
	if (!r->plain) {
		buf_add_slice(&text, buf_slice(&r->tests));
		put_questions(&text, questions);
	}
	print(&text);
}

void report_free(struct report *r)
{
	buf_free(&r->tests);
}
