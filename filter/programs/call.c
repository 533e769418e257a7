/*
 * Words that run programs: see call.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/programs/call.h"

#include "common/base/program_find.h"
#include "common/base/say.h"
#include "filter/language/template.h"

/* Statuses that a shell gives for a program killed by a signal, and child_wait likewise. */
enum { SIGNAL_FIRST = 129, SIGNAL_LAST = 192 };

static int check_arguments(struct checker *checker, const struct node *node)
{
	const struct template_list *list = &node->strings[1];
	struct fault why;

	if (list->count > PROGRAM_ARGUMENTS_MAX)
		return checker_complain(checker, node,
			"%zu arguments for a program, expected at most %d", list->count,
			PROGRAM_ARGUMENTS_MAX);
	for (size_t i = 0; i < list->count; i++) {
		const struct template *one = &list->at[i];

		if (one->constant && program_check_argument(one->text, &why) < 0)
			return checker_complain_at(checker, one, "%s", why.text);
	}
	return 0;
}

static int check_lock(struct checker *checker, const struct node *node)
{
	const struct template *lock = node->tag_values[CALL_LOCK].strings.at;
	struct fault why;

	if (!lock->constant)
		return checker_complain_at(checker, lock,
			"expected a name without variables behind \":lock\"");
	if (program_check_name(lock->text, &why) < 0)
		return checker_complain_at(checker, lock,
			"no name for a lock, expected a plain name without slash");
	return 0;
}

int call_check(struct checker *checker, const struct node *node)
{
	const struct template *name = node->strings[0].at;
	const struct tag *tags = node->word->tags;
	bool rows = tags && strcmp(tags[CALL_HEADER].name, "header") == 0;
	struct fault why;

	if (program_check_name(name->text, &why) < 0)
		return checker_complain_at(checker, name, "%s", why.text);
	if (check_arguments(checker, node) < 0)
		return -1;
	if (rows && node->tags & 1U << CALL_LOCK && check_lock(checker, node) < 0)
		return -1;
	if (rows && node->tags & 1U << CALL_TIMEOUT &&
		(node->tag_values[CALL_TIMEOUT].number == 0 ||
			node->tag_values[CALL_TIMEOUT].number > CALL_TIMEOUT_MAX))
		return checker_complain(checker, node,
			"\":timeout\" expected seconds, from 1 to %d", CALL_TIMEOUT_MAX);
	return 0;
}

int call_check_output(struct checker *checker, struct node *node, unsigned row)
{
	const struct template *name;
	const char *wrong;

	if (!(node->tags & 1U << row))
		return 0;
	name = node->tag_values[row].strings.at;
	if (!name->constant)
		return checker_complain_at(checker, name,
			"expected a name without variables behind \":output\"");
	wrong = template_assign(checker->script, name->text, &node->variable);
	return wrong ? checker_complain_at(checker, name, "\"%.*s\" %s",
			       SLICE_ARG(slice_first(name->text, 40)), wrong)
		     : 0;
}

void call_free(struct call *call)
{
	strings_free(&call->arguments);
	free(call->name);
	free(call->lock);
	buf_free(&call->room);
}

int call_start(struct call *call, struct run *run, const struct node *node, bool rows)
{
	struct program_question *q = &call->question;
	struct fault why;

	call->node = node;
	call->name = slice_copy(node->strings[0].at->text);
	if (run_expand_all(run, &node->strings[1], &call->arguments) < 0)
		return -1;
	for (size_t i = 0; i < call->arguments.count; i++) {
		if (program_check_argument(slice_text(call->arguments.at[i]), &why) < 0)
			return run_fail(run, "program %s: %s", call->name, why.text);
	}
	*q = (struct program_question){ .name = call->name, .arguments = &call->arguments,
		.frame = run->message->frame };
	if (rows && node->tags & 1U << CALL_TIMEOUT)
		q->timeout = (int64_t)node->tag_values[CALL_TIMEOUT].number * 1000;
	if (rows && node->tags & 1U << CALL_LOCK)
		call->lock = slice_copy(node->tag_values[CALL_LOCK].strings.at->text);
	q->lock = call->lock;
	return 0;
}

void call_give_message(struct call *call, struct run *run, bool rows)
{
	const struct message *m = run->message;
	struct program_question *q = &call->question;

	q->has_input = true;
	q->message = m;
	q->from = 0;
	q->to = UINT64_MAX;
	if (rows && call->node->tags & 1U << CALL_HEADER)
		q->to = m->header_size;
	if (rows && call->node->tags & 1U << CALL_BODY)
		q->from = m->header_size;
}

void call_give_text(struct call *call, struct slice text)
{
	call->question.has_input = true;
	call->question.text = text;
}

int call_run(struct call *call, struct run *run, struct program_answer *answer)
{
	struct fault why;

	if (call->question.message && !run->message->spool)
		return run_fail(run, "program %s needs more than the header", call->name);
	if (questions_run(run->questions, &call->question, answer, &why) < 0)
		return run_fail(run, "%s", why.text);
	if (answer->status >= SIGNAL_FIRST && answer->status <= SIGNAL_LAST)
		return run_fail(run, "program %s was ended by signal %d%s", call->name,
			answer->status - SIGNAL_FIRST + 1, buf_text(&answer->said));
	return 0;
}

void call_saw(struct run *run, const struct program_answer *answer)
{
	AUTO_BUF seen = { 0 };

	if (!run->trace)
		return;
	buf_addf(&seen, "exit %d", answer->status);
	run_saw(run, buf_slice(&seen));
}

void call_put_failure(const struct node *node, const struct program_answer *answer,
	struct buf *out)
{
	struct slice name = node->strings[0].at->text;

	buf_addf(out, "program %.*s: exit status %d%s", SLICE_ARG(name), answer->status,
		buf_text(&answer->said));
}

void call_tell(struct run *run, const char *text)
{
	if (run->trace)
		run_note(run, "%s", text);
	else
		say("%s:%u: %s", run->script->path, run->at->line, text);
}

int call_keep_output(struct run *run, unsigned variable, const struct program_answer *answer,
	bool trim)
{
	AUTO_BUF text = { 0 };
	struct fault why;
	size_t got = 1;

	buf_reserve(&text, VALUE_MAX + 1);
	while (text.len <= VALUE_MAX && got > 0) {
		if (spool_read(&answer->output, text.len, text.ptr + text.len,
			    VALUE_MAX + 1 - text.len, &got, &why) < 0)
			return run_fail(run, "%s", why.text);
		text.len += got;
	}
	text.ptr[text.len] = '\0';
	if (text.len > VALUE_MAX) {
		size_t len = VALUE_MAX;

		while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
			len--;
		buf_cut(&text, len);
	}
	while (trim && text.len > 0 &&
		(text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
		buf_cut(&text, text.len - 1);
	buf_swap(&run->variables[variable], &text);
	return 0;
}
