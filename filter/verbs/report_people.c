/*
 * What explain prints for people: actions, the rules that decided, and what tests saw.
 *
 * SPDX-License-Identifier: ISC
 */
#include <inttypes.h>

#include "common/base/say.h"
#include "filter/verbs/plain.h"
#include "filter/verbs/report.h"

/* LIMIT: bytes that are shown of a test, a value, a field of the message, and an action. */
enum { SHOWN_SOURCE = 160, SHOWN_SEEN = 200, SHOWN_FIELD = 120, SHOWN_ACTION = 240 };

enum colour { BOLD, GREEN, RED, DIM };

static void put_colour(const struct report *r, struct buf *out, enum colour colour)
{
	static const char *const codes[] = { [BOLD] = "1", [GREEN] = "32", [RED] = "31",
		[DIM] = "2" };

	if (r->colour)
		buf_addf(out, "\033[%sm", codes[colour]);
}

static void end_colour(const struct report *r, struct buf *out)
{
	if (r->colour)
		buf_add_text(out, "\033[0m");
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

static void begin(struct report *r, const char *source, struct message *message)
{
	struct buf *out = &r->head;

	if (r->messages > 1)
		buf_add_byte(out, '\n');
	put_colour(r, out, BOLD);
	buf_addf(out, "message %" PRIu64 ", from ", r->messages);
	say_visible(out, slice_text(source));
	end_colour(r, out);
	buf_add_byte(out, '\n');
	put_field(out, message, "From");
	put_field(out, message, "Subject");
	put_field(out, message, "Date");
}

static void test(struct report *r, const char *place, const struct node *node, bool result,
	struct slice seen)
{
	struct buf *out = &r->tests;

	buf_addf(out, "    %-24s ", place);
	put_colour(r, out, result ? GREEN : DIM);
	buf_addf(out, "%-5s", result ? "true" : "false");
	end_colour(r, out);
	buf_add_text(out, "  ");
	put_line(out, node->source, SHOWN_SOURCE);
	buf_add_byte(out, '\n');
	if (seen.len == 0)
		return;
	buf_addf(out, "    %-24s        saw: ", "");
	put_line(out, seen, SHOWN_SEEN);
	buf_add_byte(out, '\n');
}

static void action(struct report *r, const char *place, const struct node *node)
{
	buf_addf(&r->tests, "    %-24s ran    ", place);
	put_line(&r->tests, node->source, SHOWN_SOURCE);
	buf_add_byte(&r->tests, '\n');
}

static void note(struct report *r, const char *place, const char *text)
{
	buf_addf(&r->tests, "    %-24s note   ", place);
	put_line(&r->tests, slice_text(text), SHOWN_SOURCE);
	buf_add_byte(&r->tests, '\n');
}

static void put_action(const struct report *r, struct buf *out, const struct action *a)
{
	AUTO_BUF line = { 0 };
	AUTO_BUF shown = { 0 };

	plain_put(&line, a);
	put_line(&shown, buf_slice(&line), SHOWN_ACTION);
	buf_add_text(out, "  -> ");
	put_colour(r, out, a->kind == ACTION_DISCARD ? RED : GREEN);
	buf_addf(out, "%-40s", buf_text(&shown));
	end_colour(r, out);
	buf_addf(out, " %s", strcmp(a->rule, "implicit") == 0 ? "(no rule took it)" : a->rule);
	if (a->version > 0)
		buf_addf(out, "  (as rules changed it, state %u)", a->version);
	buf_add_byte(out, '\n');
}

static void end(struct report *r, const struct verdict *verdict,
	const struct questions *questions, struct buf *out)
{
	buf_add_slice(out, buf_slice(&r->head));
	for (size_t i = 0; i < verdict->count; i++)
		put_action(r, out, &verdict->actions[i]);
	if (verdict->error.kind != FAULT_NONE) {
		put_colour(r, out, RED);
		buf_add_text(out, "  !! ");
		put_line(out, slice_text(verdict->error.text), SIZE_MAX);
		end_colour(r, out);
		buf_add_byte(out, '\n');
	}
	buf_add_slice(out, buf_slice(&r->tests));
	for (size_t i = 0; i < questions->record.count; i++) {
		buf_add_text(out, "    asked: ");
		put_line(out, slice_text(questions->record.at[i]), SHOWN_SOURCE);
		buf_add_byte(out, '\n');
	}
}

const struct report_form report_people = { .begin = begin, .test = test, .action = action,
	.note = note, .end = end };
