/*
 * What explain prints of one message: see report.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/report.h"

#include <stdio.h>

#include "filter/verbs/plain.h"

void report_begin(struct report *r, const char *source, struct message *message)
{
	r->messages++;
	buf_clear(&r->head);
	buf_clear(&r->tests);
	buf_clear(&r->notes);
	r->form->begin(r, source, message);
}

static void on_test(void *context, const struct script *script, const struct node *node,
	bool result, struct slice seen)
{
	struct report *r = context;
	AUTO_BUF place = { 0 };

	if (!r->form->test || node->word->tests == TESTS_LIST ||
		(!result && !r->all && !r->form->everything))
		return;
	buf_addf(&place, "%s:%u", script->label, node->line);
	r->form->test(r, buf_text(&place), node, result, seen);
}

static void on_action(void *context, const struct script *script, const struct node *node)
{
	struct report *r = context;
	AUTO_BUF place = { 0 };

	if (!r->form->action || !(r->all || r->form->everything))
		return;
	buf_addf(&place, "%s:%u", script->label, node->line);
	r->form->action(r, buf_text(&place), node);
}

static void on_note(void *context, const struct script *script, const struct node *node,
	const char *text)
{
	struct report *r = context;
	AUTO_BUF place = { 0 };

	if (!r->form->note)
		return;
	buf_addf(&place, "%s:%u", script->label, node->line);
	r->form->note(r, buf_text(&place), text);
}

struct trace report_trace(struct report *r)
{
	return (struct trace){ .test = on_test, .action = on_action, .note = on_note,
		.context = r };
}

void report_end(struct report *r, const struct verdict *verdict,
	const struct questions *questions)
{
	AUTO_BUF text = { 0 };

	r->form->end(r, verdict, questions, &text);
	fwrite(buf_text(&text), 1, text.len, stdout);
}

void report_free(struct report *r)
{
	buf_free(&r->head);
	buf_free(&r->tests);
	buf_free(&r->notes);
}

/* ---- the plain form ---- */

static void begin_plain(struct report *r, const char *source, struct message *message)
{
	(void)source;
	(void)message;
	if (r->messages > 1)
		buf_add_byte(&r->head, '\n');
}

static void end_plain(struct report *r, const struct verdict *verdict,
	const struct questions *questions, struct buf *out)
{
	(void)questions;
	buf_add_slice(out, buf_slice(&r->head));
	for (size_t i = 0; i < verdict->count; i++) {
		plain_put(out, &verdict->actions[i]);
		buf_addf(out, " # %s\n", verdict->actions[i].rule);
	}
}

const struct report_form report_plain = { .begin = begin_plain, .end = end_plain };
