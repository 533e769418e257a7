/*
 * common/mail/intake: what comes in, told alike however it comes in.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <fcntl.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/mail/intake.h"

static void put_event(struct buf *out, const struct stream_event *event, bool *in_bytes)
{
	if (event->kind == STREAM_BYTES) {
		buf_add_slice(out, event->bytes);
		*in_bytes = true;
		return;
	}
	if (event->kind == STREAM_FRAME) {
		buf_add_text(out, "[frame");
		if (event->frame->mail_from_known)
			buf_addf(out, " <%s>", buf_text(&event->frame->mail_from));
		if (event->frame->id.len > 0)
			buf_addf(out, " %s", buf_text(&event->frame->id));
		buf_add_byte(out, ']');
	}
	if (event->kind == STREAM_PREAMBLE)
		buf_add_text(out, "[preamble]");
	if (event->kind == STREAM_END)
		buf_addf(out, "[end %d]", (int)event->size);
	if (event->kind == STREAM_DONE)
		buf_addf(out, "[done %d]", (int)event->size);
	if (event->kind == STREAM_CUT)
		buf_add_text(out, "[cut]");
	if (event->kind == STREAM_ABORT)
		buf_add_text(out, "[abort]");
	*in_bytes = false;
}

/* All events that can be had now; the last result of intake_next. */
static int drain(struct intake *in, struct buf *out, struct fault *why)
{
	struct stream_event event;
	bool in_bytes = false;
	int got;

	while ((got = intake_next(in, 0, &event, why)) == 1)
		put_event(out, &event, &in_bytes);
	return got;
}

/* Gives the text in pieces through a pipe, each read before the next comes. */
static int take(struct slice text, size_t piece, enum intake_mode mode, struct buf *out,
	struct fault *why)
{
	struct intake *in;
	int pair[2];
	int got = 2;

	assert_int_equal(pipe2(pair, O_CLOEXEC | O_NONBLOCK), 0);
	in = intake_open(pair[0], "standard input", mode);
	while (got == 2 && text.len > 0) {
		struct slice now = slice_first(text, piece);

		assert_int_equal(write(pair[1], now.ptr, now.len), now.len);
		slice_skip(&text, now.len);
		got = drain(in, out, why);
		if (got == 2)
			assert_false(intake_buffered(in));
	}
	close(pair[1]);
	if (got == 2)
		got = drain(in, out, why);
	intake_close(in);
	close(pair[0]);
	return got;
}

#define STREAM "%mailrail-stream 1\n\nmessage\nid: a\n\nbytes 3\nabc\nend ok 3\ndone 1\n"

/* `tells`: the events, or a part of the fault. */
static const struct {
	const char *label;
	enum intake_mode mode;
	int result;
	const char *input;
	const char *tells;
} rows[] = {
	{ "a stream", INTAKE_AUTO, 0, STREAM, "[preamble][frame a]abc[end 3][done 1]" },
	{ "a stream that is taken for a message", INTAKE_MESSAGE, 0, STREAM,
		"[frame]" STREAM "[end 63][done 1]" },
	{ "a stream cut in a message", INTAKE_AUTO, 0,
		"%mailrail-stream 1\n\nmessage\nid: a\n\nbytes 3\na",
		"[preamble][frame a]a[cut][abort]" },
	{ "a stream cut between messages", INTAKE_AUTO, 0,
		"%mailrail-stream 1\n\nmessage\nid: a\n\nend ok 0\n",
		"[preamble][frame a][end 0][abort]" },
	{ "a stream cut in its first line", INTAKE_AUTO, -1, "%mailrail-str", "preamble" },
	{ "a stream cut in its preamble", INTAKE_AUTO, -1, "%mailrail-stream 1\nprogram: x\n",
		"preamble" },
	{ "a stream of another version is no message", INTAKE_AUTO, -1,
		"%mailrail-stream 7\n\ndone 0\n", "version" },
	{ "a second stream", INTAKE_AUTO, -1, STREAM STREAM, "follows" },
	{ "nothing", INTAKE_AUTO, -1, "", "standard input is empty" },
	{ "no message", INTAKE_MESSAGE, -1, "", "empty" },
	{ "no mbox", INTAKE_MBOX, -1, "", "empty" },

	{ "a message", INTAKE_AUTO, 0, "A: b\n\nc\n", "[frame]A: b\n\nc\n[end 8][done 1]" },
	{ "a message shorter than the magic", INTAKE_AUTO, 0, "x", "[frame]x[end 1][done 1]" },
	{ "almost the magic", INTAKE_AUTO, 0, "%mailrail-strea!", "[frame]%mailrail-strea!"
		"[end 16][done 1]" },
	{ "From_ line", INTAKE_AUTO, 0, "From a@b Mon Feb  2 09:00:00 2026\nA: b\n",
		"[frame <a@b>]A: b\n[end 5][done 1]" },
	{ "From_ line with CRLF", INTAKE_AUTO, 0, "From a@b Mon Feb\r\nA: b\n",
		"[frame <a@b>]A: b\n[end 5][done 1]" },
	{ "From_ line without a date", INTAKE_AUTO, 0, "From a@b\nA: b\n",
		"[frame <a@b>]A: b\n[end 5][done 1]" },
	{ "the field From, as of old", INTAKE_AUTO, 0, "From : a@b\nA: b\n",
		"[frame]From : a@b\nA: b\n[end 16][done 1]" },
	{ "the field From behind a From_ line", INTAKE_MBOX, 0, "From a Mon\nFrom \t: b\n\nc\n",
		"[frame <a>]From \t: b\n\nc\n[end 13][done 1]" },
	{ "null sender", INTAKE_AUTO, 0, "From <> Mon\nx", "[frame <>]x[end 1][done 1]" },
	{ "MAILER-DAEMON", INTAKE_MESSAGE, 0, "From MAILER-DAEMON Mon\nx",
		"[frame <>]x[end 1][done 1]" },
	{ "sender in brackets", INTAKE_AUTO, 0, "From <a@b> Mon\nx",
		"[frame <a@b>]x[end 1][done 1]" },
	{ "sender in quotes", INTAKE_AUTO, 0, "From \"a \\\" b\"@c Mon\nx",
		"[frame <\"a \\\" b\"@c>]x[end 1][done 1]" },
	{ "sender unknown", INTAKE_AUTO, 0, "From - Mon\nx", "[frame]x[end 1][done 1]" },
	{ "control byte in the sender", INTAKE_AUTO, 0, "From a\001b Mon\nx",
		"[frame]x[end 1][done 1]" },
	{ "From_ line alone", INTAKE_AUTO, -1, "From a Mon\n", "no message" },
	{ "From_ line without an end", INTAKE_AUTO, 0, "From a", "[frame]From a[end 6][done 1]" },
	{ "one message never becomes two", INTAKE_AUTO, 0,
		"From a Mon\nA: b\n\nc\n\nFrom d Tue\n>From e\n",
		"[frame <a>]A: b\n\nc\n\nFrom d Tue\n>From e\n[end 28][done 1]" },

	{ "mbox", INTAKE_MBOX, 0, "From a Mon\nA: b\n\nc\n\nFrom d Tue\nE: f\n\n",
		"[frame <a>]A: b\n\nc\n[end 8][frame <d>]E: f\n[end 5][done 2]" },
	{ "mbox with CRLF", INTAKE_MBOX, 0, "From a Mon\r\nA: b\r\n\r\nFrom d Tue\r\nE: f\r\n",
		"[frame <a>]A: b\r\n[end 6][frame <d>]E: f\r\n[end 6][done 2]" },
	{ "mbox, From without an empty line before", INTAKE_MBOX, 0,
		"From a Mon\nA: b\n\nc\nFrom here on\n",
		"[frame <a>]A: b\n\nc\nFrom here on\n[end 21][done 1]" },
	{ "mbox, From_ right behind From_", INTAKE_MBOX, 0, "From a Mon\nFrom b Tue\n",
		"[frame <a>]From b Tue\n[end 11][done 1]" },
	{ "mbox, unquoting", INTAKE_MBOX, 0, "From a Mon\n\n>From b\n>>From c\n>From\n>x\n>\n>>",
		"[frame <a>]\nFrom b\n>From c\n>From\n>x\n>\n>>[end 29][done 1]" },
	{ "mbox, many empty lines", INTAKE_MBOX, 0, "From a Mon\nx\n\n\n\nFrom b Tue\ny\n\n\n",
		"[frame <a>]x\n\n\n[end 4][frame <b>]y\n\n[end 3][done 2]" },
	{ "mbox, lone CRs", INTAKE_MBOX, 0, "From a Mon\n\r\rx\n\r", "[frame <a>]\r\rx\n\r"
		"[end 5][done 1]" },
	{ "mbox, quoted after an empty line", INTAKE_MBOX, 0, "From a M\nx\n\n>From y\n",
		"[frame <a>]x\n\nFrom y\n[end 10][done 1]" },
	{ "mbox, message of nothing", INTAKE_MBOX, 0, "From a M\n\nFrom b M\nx",
		"[frame <a>][end 0][frame <b>]x[end 1][done 2]" },
	{ "mbox cut in a From_ line", INTAKE_MBOX, 0, "From a M\nx\n\nFrom b",
		"[frame <a>]x\n\nFrom b[end 9][done 1]" },
	{ "not an mbox", INTAKE_MBOX, -1, "A: b\n\nc\n", "From_ line" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].input);

		for (size_t piece = 1; piece <= len + 1; piece++) {
			AUTO_BUF events = { 0 };
			struct fault why = { 0 };
			int got = take(slice_text(rows[i].input), piece, rows[i].mode, &events,
				&why);

			if (got != rows[i].result ||
				(got == 0 && strcmp(buf_text(&events), rows[i].tells) != 0) ||
				(got < 0 && !strstr(why.text, rows[i].tells)))
				fail_msg("%s, in pieces of %zu: %d, %s, %s", rows[i].label, piece, got,
					buf_text(&events), why.text);
			if (got < 0)
				assert_int_equal(why.kind, FAULT_TEMP);
		}
	}
}

/* Far longer than the block, where every byte could begin what must be seen first. */
static void test_endless_lines(void **state)
{
	static const char *const begins[] = { "From a M\n\n", "From a M\n", "" };
	static const char fill[] = { '>', 'x', '\n', '\r', 'F', '\0' };

	(void)state;
	for (size_t b = 0; b < 3; b++) {
		for (size_t f = 0; f < sizeof(fill); f++) {
			const size_t count = 200000;
			AUTO_BUF text = { 0 };
			AUTO_BUF events = { 0 };
			AUTO_BUF want = { 0 };
			struct fault why = { 0 };
			bool mbox = begins[b][0] != '\0';

			buf_add_text(&text, begins[b]);
			for (size_t i = 0; i < count; i++)
				buf_add_byte(&text, fill[f]);
			assert_int_equal(take(buf_slice(&text), 4096,
						 mbox ? INTAKE_MBOX : INTAKE_AUTO, &events, &why),
				0);
			buf_add_text(&want, mbox ? "[frame <a>]" : "[frame]");
			buf_add_slice(&want, slice_from(buf_slice(&text), mbox ? 9 : 0));
			if (mbox && fill[f] == '\n')
				buf_cut(&want, want.len - 1);
			buf_addf(&want, "[end %zu][done 1]", want.len - (mbox ? 11 : 7));
			assert_true(slice_equal(buf_slice(&events), buf_slice(&want)));
		}
	}
}

static void test_long_from_line(void **state)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF events = { 0 };
	struct fault why = { 0 };

	(void)state;
	buf_add_text(&text, "From ");
	for (size_t i = 0; i < 100000; i++)
		buf_add_byte(&text, 'a');
	buf_add_text(&text, "\nA: b\n");
	assert_int_equal(take(buf_slice(&text), 1000, INTAKE_AUTO, &events, &why), 0);
	assert_int_equal(events.len, text.len + strlen("[frame][end 100011][done 1]"));
	buf_clear(&events);
	assert_int_equal(take(buf_slice(&text), 1000, INTAKE_MBOX, &events, &why), -1);
}

static void test_deadline(void **state)
{
	struct stream_event event;
	struct fault why;
	struct intake *in;
	int pair[2];
	int64_t before;

	(void)state;
	assert_int_equal(pipe2(pair, O_CLOEXEC), 0); /* blocking, as stdin is */
	in = intake_open(pair[0], "stdin", INTAKE_AUTO);
	before = clock_tick();
	assert_int_equal(intake_next(in, clock_deadline(50), &event, &why), 2);
	assert_true(clock_tick() - before >= 50);
	assert_int_equal(write(pair[1], "%mail", 5), 5);
	assert_int_equal(intake_next(in, clock_deadline(10), &event, &why), 2);
	assert_false(intake_buffered(in)); /* what is held tells nothing: poll */
	assert_int_equal(write(pair[1], &STREAM[5], strlen(STREAM) - 5), strlen(STREAM) - 5);
	assert_int_equal(intake_next(in, 0, &event, &why), 1);
	assert_int_equal(event.kind, STREAM_PREAMBLE);
	assert_true(intake_is_stream(in));
	assert_true(intake_buffered(in));
	while (event.kind != STREAM_DONE)
		assert_int_equal(intake_next(in, CLOCK_NEVER, &event, &why), 1);
	assert_int_equal(intake_next(in, clock_deadline(10), &event, &why), 2);
	close(pair[1]);
	assert_int_equal(intake_next(in, CLOCK_NEVER, &event, &why), 0);
	assert_int_equal(intake_next(in, CLOCK_NEVER, &event, &why), 0);
	intake_close(in);
	close(pair[0]);
}

/* Somebody holds the pipe open behind the last line: no reason to wait for ever. */
static void test_held_open(void **state)
{
	struct stream_event event = { 0 };
	struct fault why;
	struct intake *in;
	int pair[2];
	int64_t before;

	(void)state;
	assert_int_equal(pipe2(pair, O_CLOEXEC), 0);
	in = intake_open(pair[0], "stdin", INTAKE_AUTO);
	assert_int_equal(write(pair[1], STREAM, strlen(STREAM)), strlen(STREAM));
	while (event.kind != STREAM_DONE)
		assert_int_equal(intake_next(in, CLOCK_NEVER, &event, &why), 1);
	before = clock_tick();
	assert_int_equal(intake_next(in, CLOCK_NEVER, &event, &why), 0);
	assert_in_range(clock_tick() - before, 500, 20000);
	intake_close(in);
	close(pair[0]);
	close(pair[1]);
}

static void test_unreadable(void **state)
{
	struct stream_event event;
	struct fault why = { 0 };
	AUTO_FD dir = open("/", O_RDONLY | O_CLOEXEC);
	struct intake *in = intake_open(dir, "the root", INTAKE_AUTO);

	(void)state;
	assert_int_equal(intake_next(in, CLOCK_NEVER, &event, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_non_null(strstr(why.text, "read the root"));
	intake_close(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_endless_lines),
		cmocka_unit_test(test_long_from_line),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_held_open),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
