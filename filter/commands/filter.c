/*
 * filter (vnd.dovecot.filter, spec-bosch-sieve-pipe section 6), as command and as test: what
 * the program prints takes the place of the message.
 *
 * With vnd.mailrail.program of its header or body alone, as procmail's flags "fh" and "fb".
 * A program that fails, or prints what is no message, leaves the message as it is: as a test
 * that is false, as a command the script goes on, with a line that says so. One that cannot
 * be run, hangs or prints without end fails the script.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/command.h"
#include "filter/edit/edit.h"
#include "filter/programs/call.h"
#include "filter/tests/test.h"

static const struct tag tags[] = {
	CALL_ROWS,
	{ NULL, 0, 0, VALUE_NONE },
};

static int check_filter(struct checker *checker, struct node *node)
{
	return call_check(checker, node);
}

static int copy_output(struct run *run, const struct spool *from, struct spool *to)
{
	enum { PIECE = 64 << 10 };
	AUTO_FREE char *room = mem_get(PIECE);
	struct fault why;
	uint64_t at = 0;
	size_t got = 1;

	while (got > 0) {
		if (spool_read(from, at, room, PIECE, &got, &why) < 0 ||
			spool_add(to, slice_of(room, got), &why) < 0)
			return run_fail(run, "%s", why.text);
		at += got;
	}
	return 0;
}

static int copy_message(struct run *run, uint64_t at, uint64_t to, struct spool *out)
{
	enum { PIECE = 64 << 10 };
	AUTO_FREE char *room = mem_get(PIECE);
	struct fault why;
	size_t got = 1;

	while (got > 0 && at < to) {
		size_t most = to - at < PIECE ? (size_t)(to - at) : PIECE;

		if (message_read(run->message, at, room, most, &got, &why) < 0 ||
			spool_add(out, slice_of(room, got), &why) < 0)
			return run_fail(run, "%s", why.text);
		at += got;
	}
	return 0;
}

/* The message with what was printed in place of what was given. */
static int compose(struct run *run, const struct node *node, struct program_answer *answer,
	struct spool *whole)
{
	uint64_t body = run->message->header_size;

	if (node->tags & 1U << CALL_BODY)
		return copy_message(run, 0, body, whole) < 0 ||
				copy_output(run, &answer->output, whole) < 0
			? -1
			: 0;
	if (copy_output(run, &answer->output, whole) < 0)
		return -1;
	return node->tags & 1U << CALL_HEADER ? copy_message(run, body, UINT64_MAX, whole) : 0;
}

/* Does the printed header end with its empty line? Else a body would become header. */
static int ends_header(struct run *run, const struct program_answer *answer)
{
	AUTO_BUF text = { 0 };
	struct fault why;
	size_t len = MESSAGE_HEADER_MAX + 1;
	size_t got = 1;

	buf_reserve(&text, len);
	while (text.len < len && got > 0) {
		if (spool_read(&answer->output, text.len, text.ptr + text.len, len - text.len,
			    &got, &why) < 0)
			return run_fail(run, "%s", why.text);
		text.len += got;
	}
	return header_length(buf_slice(&text), false) == (ptrdiff_t)text.len;
}

/* 1: the message is another one, 0: it is not, and *failure says why; -1. */
static int filter(struct run *run, const struct node *node, struct buf *failure)
{
	AUTO_CALL call = { 0 };
	AUTO_PROGRAM_ANSWER answer = PROGRAM_ANSWER_NONE;
	AUTO_SPOOL whole = SPOOL_NONE;
	int got = 1;

	if (call_start(&call, run, node, true) < 0)
		return -1;
	call.question.output = true;
	call_give_message(&call, run, true);
	if (call_run(&call, run, &answer) < 0)
		return -1;
	call_saw(run, &answer);
	if (answer.status != 0) {
		call_put_failure(node, &answer, failure);
		return 0;
	}
	if (node->tags & 1U << CALL_HEADER)
		got = ends_header(run, &answer);
	if (got > 0 && compose(run, node, &answer, &whole) < 0)
		return -1;
	if (got > 0)
		got = edit_replace(run, &whole);
	if (got == 0)
		buf_addf(failure, "program %s: what it printed is no message%s", call.name,
			node->tags & 1U << CALL_HEADER ? "'s header" : "");
	return got;
}

static int test_filter_run(struct run *run, const struct node *node)
{
	AUTO_BUF failure = { 0 };

	return filter(run, node, &failure);
}

static int run_filter(struct run *run, const struct node *node)
{
	AUTO_BUF failure = { 0 };
	int got = filter(run, node, &failure);

	if (got == 0) {
		buf_add_text(&failure, " (the message stays as it is)");
		call_tell(run, failure.ptr);
	}
	return got < 0 ? -1 : 0;
}

const struct word command_filter = {
	.name = "filter",
	.capability = CAPABILITY_FILTER,
	.needs = NEEDS_BODY,
	.tags = tags,
	.positions = CALL_POSITIONS,
	.check = check_filter,
	.run = run_filter,
};

const struct word test_filter = {
	.name = "filter",
	.capability = CAPABILITY_FILTER,
	.needs = NEEDS_BODY,
	.tags = tags,
	.positions = CALL_POSITIONS,
	.check = check_filter,
	.test = test_filter_run,
};
