/*
 * For the tests of what answers or tells: a script over a message, and what is put together.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef T_UNIT_REPLY_CASE_H
#define T_UNIT_REPLY_CASE_H

#include "t/unit/sieve_case.h"

/* What came of it: "KIND TARGET;" for each action, "(NOTE)" for each note, "!ERROR". */
struct reply_got {
	struct buf line;
	struct buf text;   /* of the actions that have one, "====" between two */
	struct buf actions; /* whole, as in the stream */
};

static inline void reply_got_free(struct reply_got *got)
{
	buf_free(&got->line);
	buf_free(&got->text);
	buf_free(&got->actions);
}
#define AUTO_GOT __attribute__((cleanup(reply_got_free))) struct reply_got

static inline void reply_case_test(void *context, const struct script *script,
	const struct node *node, bool result, struct slice seen)
{
	(void)context, (void)script, (void)node, (void)result, (void)seen;
}

static inline void reply_case_action(void *context, const struct script *script,
	const struct node *node)
{
	(void)context, (void)script, (void)node;
}

static inline void reply_case_note(void *context, const struct script *script,
	const struct node *node, const char *text)
{
	(void)script, (void)node;
	buf_addf(&((struct reply_got *)context)->line, "(%s)", text);
}

static inline void reply_case_put(const struct action *a, struct reply_got *got)
{
	buf_add_text(&got->line, action_name(a->kind));
	if (a->target)
		buf_addf(&got->line, " %s", a->target);
	if (a->from)
		buf_addf(&got->line, " from %s", a->from);
	if (a->seconds > 0)
		buf_addf(&got->line, " %lld", (long long)a->seconds);
	buf_add_byte(&got->line, ';');
	if (a->text) {
		if (got->text.len > 0)
			buf_add_text(&got->text, "====\n");
		buf_add_text(&got->text, a->text);
	}
	action_put(&got->actions, a);
}

/* `from` is the envelope sender, NULL when it is not known; `own` a setting, may be NULL. */
static inline void reply_case_run(const struct ruleset *set, const char *from, const char *own,
	struct slice bytes, struct reply_got *got)
{
	struct gather_state gather = GATHER_NONE;
	struct questions questions = { .answerer = { .ask = sieve_case_ask } };
	struct filter_settings settings = sieve_case_settings;
	struct message message;
	struct trace trace = { .test = reply_case_test, .action = reply_case_action,
		.note = reply_case_note, .context = got };
	struct world world = { .message = &message, .questions = &questions,
		.settings = &settings, .now = 1767225600, .trace = &trace };
	AUTO_FRAME frame = { 0 };
	AUTO_VERDICT verdict = { 0 };
	struct fault why;

	settings.addresses = (struct strings){ 0 };
	if (own)
		strings_add(&settings.addresses, slice_text(own));
	frame.mail_from_known = from != NULL;
	buf_add_text(&frame.mail_from, from ? from : "");
	gather.whole = true;
	gather_add(&gather, bytes, &why);
	gather_end(&gather);
	gather_message(&gather, &frame, &message);
	ruleset_decide(set, &world, &verdict);
	message_close(&message);
	for (size_t i = 0; i < verdict.count; i++)
		reply_case_put(&verdict.actions[i], got);
	if (verdict.error.kind)
		buf_addf(&got->line, "!%s", verdict.error.text);
	questions_free(&questions);
	gather_free(&gather);
	strings_free(&settings.addresses);
}

#endif
