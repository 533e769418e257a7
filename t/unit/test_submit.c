/*
 * Headers of submissions: what is dropped, supplied and qualified, and who gets the mail;
 * each row whole, byte by byte, and in pieces of three.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "relay/compose.h"

#define ADDED "From: F\nDate: D\nMessage-ID: M\n"
#define GIVEN "From: a@b\nDate: x\nMessage-ID: <y>\n"

struct row {
	const char *label;
	const char *in;
	const char *out;
	const char *recipients; /* under -t; NULL: a fault is due */
};

static const struct row rows[] = {
	{ "cron", "From: root (Cron Daemon)\nTo: alice\nSubject: x\n\nbody\n",
		"From: root@h (Cron Daemon)\nTo: alice@h\nSubject: x\nDate: D\nMessage-ID: M\n"
		"\nbody\n", "alice@h" },
	{ "nothing is missing", GIVEN "To: c@d\n\nb", GIVEN "To: c@d\n\nb", "c@d" },
	{ "Bcc goes", GIVEN "Bcc: secret@x\nTo: c@d\n\nBcc: body@x\n",
		GIVEN "To: c@d\n\nBcc: body@x\n", "secret@x c@d" },
	{ "Bcc folded", GIVEN "BCC: one@x,\n\ttwo@x,\n three@x\nSubject: y\n\n",
		GIVEN "Subject: y\n\n", "one@x two@x three@x" },
	{ "Bcc with a line of blanks inside", GIVEN "bcc: one@x,\n \n two@x\nSubject: y\n\n",
		GIVEN "Subject: y\n\n", "one@x two@x" },
	{ "Bcc with blanks before the colon", GIVEN "bCc \t: s@x\n\n", GIVEN "\n", "s@x" },
	{ "Bcc last, without line end", GIVEN "Bcc: s@x", GIVEN "\n", "s@x" },
	{ "Bcc behind a lone CR", GIVEN "To: c@d\nSubject: y\rBcc: s@x\n\nb\rc\n",
		GIVEN "To: c@d\nSubject: y\n\nb\rc\n", "c@d s@x" },
	{ "Bcc behind a line that is no field", GIVEN "To: c@d\njunk\nBcc: s@x\n\n",
		GIVEN "To: c@d\njunk\n\n", "c@d s@x" },
	{ "empty Bcc", GIVEN "To: c@d\nBcc:\n\n", GIVEN "To: c@d\n\n", "c@d" },
	{ "Return-Path goes", "Return-Path: <x@y>\n" GIVEN "To: c@d\n\n", GIVEN "To: c@d\n\n", "c@d" },
	{ "Cc and group", GIVEN "To: team: a@x, B <b@x>;\nCc: c, \"D, E\" <d@x> (F)\n\n",
		GIVEN "To: team: a@x, B <b@x>;\nCc: c@h, \"D, E\" <d@x> (F)\n\n", "a@x b@x c@h d@x" },
	{ "undisclosed", GIVEN "To: undisclosed-recipients:;\nBcc: s@x\n\n",
		GIVEN "To: undisclosed-recipients:;\n\n", "s@x" },
	{ "Resent takes all", "Resent-From: r\nResent-To: n@x\nResent-Bcc: s@x\n" GIVEN
		"To: old@x\nBcc: b@x\n\n",
		"Resent-From: r@h\nResent-To: n@x\n" GIVEN "To: old@x\n\n", "n@x s@x" },
	{ "only the newest Resent block", "Resent-To: n@x\nResent-Date: 2\nResent-To: o@x\n"
		"Resent-Date: 1\nResent-Cc: p@x\n" GIVEN "\n",
		"Resent-To: n@x\nResent-Date: 2\nResent-To: o@x\nResent-Date: 1\nResent-Cc: p@x\n"
		GIVEN "\n", "n@x" },
	{ "Received parts Resent blocks", "Resent-To: n@x\nReceived: y\nResent-Cc: o@x\n" GIVEN
		"\n", "Resent-To: n@x\nReceived: y\nResent-Cc: o@x\n" GIVEN "\n", "n@x" },
	{ "no header at all", "hello\nworld\n", ADDED "\nhello\nworld\n", "" },
	{ "header missing", "\nhello\n", ADDED "\nhello\n", "" },
	{ "a blank begins the message", " To: c@d\n\nx", ADDED "\n To: c@d\n\nx", "" },
	{ "one byte", "x", ADDED "\nx\n", "" },
	{ "From_ line goes", "From a Mon Nov 23 14:52:02 2026\nTo: c@d\n\nx",
		"To: c@d\n" ADDED "\nx", "c@d" },
	{ "quoted From_ line goes", ">From a Mon Nov\nTo: c@d\n\nx", "To: c@d\n" ADDED "\nx", "c@d" },
	{ "From with blank before the colon", "From : a\nDate: x\nMessage-ID: y\n\n",
		"From : a@h\nDate: x\nMessage-ID: y\n\n", "" },
	{ "only a header", "To: c@d\nSubject: x\n", "To: c@d\nSubject: x\n" ADDED "\n", "c@d" },
	{ "cut in a line", "To: c@d\nSubject: x", "To: c@d\nSubject: x\n" ADDED "\n", "c@d" },
	{ "cut in a name", "To: c@d\nSub", "To: c@d\nSub\n" ADDED "\n", "c@d" },
	{ "continuation of an address field", "To: c@d,\n e\n\n", "To: c@d,\n e@h\n" ADDED "\n",
		"c@d e@h" },
	{ "Message-Id in another case", "From: a@b\nDATE: x\nMessage-Id: <y>\n\n",
		"From: a@b\nDATE: x\nMessage-Id: <y>\n\n", "" },
	{ "CR before the empty line", GIVEN "To: c@d\r\n\r\nb", GIVEN "To: c@d\n\nb", "c@d" },
	{ "CR at the very end", GIVEN "To: c@d\r", GIVEN "To: c@d\n\n", "c@d" },
	{ "no address under -t", GIVEN "To: John Smith\n\n", GIVEN "To: John Smith\n\n", NULL },
	{ "8-bit name", GIVEN "To: M\xc3\xbcller <m@x>\n\n", GIVEN "To: M\xc3\xbcller <m@x>\n\n",
		"m@x" },
};

static const struct compose_plan plan = { .hostname = "h", .from = "F", .date = "D",
	.message_id = "M" };

static int feed(struct compose *c, const char *in, size_t piece, struct buf *out)
{
	struct slice rest = slice_text(in);
	struct fault why;

	while (rest.len > 0) {
		if (compose_push(c, slice_first(rest, piece), out, &why) < 0)
			return -1;
		slice_skip(&rest, rest.len < piece ? rest.len : piece);
	}
	return compose_finish(c, out, &why);
}

static void check_row(const struct row *row, size_t piece, bool take)
{
	struct compose_plan mine = plan;
	AUTO_BUF out = { 0 };
	AUTO_BUF recipients = { 0 };
	AUTO_COMPOSE *c = NULL;
	int got;

	mine.take_recipients = take;
	c = compose_new(&mine);
	got = feed(c, row->in, piece, &out);
	if (take && !row->recipients) {
		assert_int_equal(got, -1);
		return;
	}
	assert_int_equal(got, 0);
	assert_string_equal(buf_text(&out), row->out);
	for (size_t i = 0; i < compose_recipients(c)->count; i++)
		buf_addf(&recipients, "%s%s", i ? " " : "", compose_recipients(c)->at[i]);
	assert_string_equal(buf_text(&recipients), take ? row->recipients : "");
}

static void composes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("# %s\n", rows[i].label);
		check_row(&rows[i], 100000, true);
		check_row(&rows[i], 1, true);
		check_row(&rows[i], 3, false);
	}
}

static void repeat(struct buf *out, const char *text, size_t count)
{
	while (count-- > 0)
		buf_add_text(out, text);
}

/* Hostile sizes: a name without end, a field without end, ten thousand Bcc lines. */
static void large(void **state)
{
	AUTO_BUF in = { 0 };
	AUTO_BUF out = { 0 };
	AUTO_COMPOSE *c = compose_new(&plan);

	(void)state;
	buf_add_text(&in, "Subject: x\n");
	repeat(&in, "y", 3 << 20);
	repeat(&in, "\nBcc: secret@x,\n secret@y", 10000);
	buf_add_text(&in, "\nTo: ");
	repeat(&in, "abcdefgh, ", 600000);
	buf_add_text(&in, "\nBcc: secret@x\n\nbody");
	assert_int_equal(feed(c, buf_text(&in), 5000, &out), 0);
	assert_int_equal(slice_find(buf_slice(&out), SLICE("secret")), -1);
	assert_true(slice_find(buf_slice(&out), SLICE("\n\nbody")) > 0);
}

static void too_many_recipients(void **state)
{
	struct compose_plan mine = plan;
	AUTO_BUF in = { 0 };
	AUTO_BUF out = { 0 };
	AUTO_COMPOSE *c = NULL;

	(void)state;
	mine.take_recipients = true;
	c = compose_new(&mine);
	buf_add_text(&in, "To: ");
	repeat(&in, "abcdefgh@x, ", 600000);
	buf_add_text(&in, "\n\n");
	assert_int_equal(feed(c, buf_text(&in), 5000, &out), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(composes),
		cmocka_unit_test(large),
		cmocka_unit_test(too_many_recipients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
