/*
 * Envelopes: written and read back, events applied, damage found, torn tails cut.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "relay/envelope.h"

#define HEAD "mailrail-envelope 1\ncreated 100\nsize 7\nfrom a@b\nto c@d\nto e@f\nend\n"

struct damage_row {
	const char *label;
	const char *text;
	int result;
	size_t whole; /* when it is read */
	const char *states; /* one letter for each recipient */
};

static const struct damage_row rows[] = {
	{ "fresh", HEAD, 0, sizeof(HEAD) - 1, "ww" },
	{ "null sender", "mailrail-envelope 1\ncreated 1\nsize 0\nfrom \nto c@d\nend\n", 0, 54, "w" },
	{ "one sent", HEAD "sent 0 5 250 ok\n", 0, sizeof(HEAD) + 15, "sw" },
	{ "sent stays sent", HEAD "sent 0 5 250\nfailed 0 6 550\n", 0, sizeof(HEAD) + 27, "sw" },
	{ "later", HEAD "later 1 5 9 450 x\n", 0, sizeof(HEAD) + 17, "ww" },
	{ "failed, then told", HEAD "failed 1 5 550 x\nbounced 1 6 id\n", 0,
		sizeof(HEAD) + 31, "wb" },
	{ "failed", HEAD "failed 0 5 550 x\n", 0, sizeof(HEAD) + 16, "fw" },
	{ "torn tail", HEAD "sent 0 5 250 ok\nsent 1 5 2", 0, sizeof(HEAD) + 15, "sw" },
	{ "torn tail of zeros", HEAD "\0\0\0", 0, sizeof(HEAD) - 1, "ww" },
	{ "empty", "", -1, 0, "" },
	{ "other file", "From: x\n\n", -1, 0, "" },
	{ "newer version", "mailrail-envelope 2\n", -1, 0, "" },
	{ "cut in the head", "mailrail-envelope 1\ncreated 1\nfrom a@b\nto c@d\n", -1, 0, "" },
	{ "no recipient", "mailrail-envelope 1\ncreated 1\nfrom a@b\nend\n", -1, 0, "" },
	{ "no sender", "mailrail-envelope 1\ncreated 1\nto a@b\nend\n", -1, 0, "" },
	{ "index out of range", HEAD "sent 2 5 250\n", -1, 0, "" },
	{ "negative index", HEAD "sent -1 5 250\n", -1, 0, "" },
	{ "huge number", HEAD "sent 0 99999999999999999999 250\n", -1, 0, "" },
	{ "unknown event", HEAD "eaten 0 5 x\n", -1, 0, "" },
	{ "event without time", HEAD "sent 0\n", -1, 0, "" },
	{ "later without next", HEAD "later 0 5\n", -1, 0, "" },
};

static char letter(enum recipient_state state)
{
	return "wsfb"[state];
}

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct damage_row *row = &rows[i];
		AUTO_ENVELOPE e = { 0 };
		struct fault why;
		size_t len = strlen(row->text);
		int got;

		if (strcmp(row->label, "torn tail of zeros") == 0)
			len += 3;
		got = envelope_read(slice_of(row->text, len), &e, &why);
		print_message("# %s\n", row->label);
		assert_int_equal(got, row->result);
		if (got < 0) {
			assert_int_equal(why.kind, FAULT_DATA);
			continue;
		}
		assert_int_equal(e.whole, row->whole);
		assert_int_equal(e.count, strlen(row->states));
		for (size_t r = 0; r < e.count; r++)
			assert_int_equal(letter(e.at[r].state), row->states[r]);
	}
}

static void comes_back_as_written(void **state)
{
	AUTO_ENVELOPE e = { .created = 1700000000, .size = 345, .eight_bit = true };
	AUTO_ENVELOPE back = { 0 };
	AUTO_BUF text = { 0 };

	(void)state;
	e.sender = mem_text("\"a b\"@example.org");
	envelope_add_recipient(&e, SLICE("one@example.org"));
	envelope_add_recipient(&e, SLICE("two words\"@x"));
	envelope_put_head(&text, &e);
	assert_int_equal(envelope_read(buf_slice(&text), &back, NULL), 0);
	assert_int_equal(back.created, e.created);
	assert_int_equal(back.size, 345);
	assert_true(back.eight_bit);
	assert_string_equal(back.sender, e.sender);
	assert_int_equal(back.count, 2);
	assert_string_equal(back.at[1].address, "two words\"@x");
	assert_int_equal(back.whole, text.len);
}

static void events_are_applied(void **state)
{
	AUTO_ENVELOPE e = { 0 };
	AUTO_BUF lines = { 0 };
	struct envelope_event event = { .kind = EVENT_OPEN, .when = 5 };

	(void)state;
	assert_int_equal(envelope_read(slice_text(HEAD), &e, NULL), 0);
	assert_int_equal(envelope_next(&e), 0);
	envelope_put_event(&lines, &event);
	assert_int_equal(envelope_apply(&e, buf_slice(&lines), NULL), 0);
	assert_true(e.opened);

	buf_clear(&lines);
	event = (struct envelope_event){ .kind = EVENT_LATER, .index = 0, .when = 6, .next = 50,
		.text = SLICE("450 4.2.0 line\r\nsent 1 6 250 forged\n\x1b[2J\xff") };
	envelope_put_event(&lines, &event);
	event.kind = EVENT_LATER;
	event.index = 1;
	event.next = 70;
	envelope_put_event(&lines, &event);
	assert_int_equal(envelope_apply(&e, buf_slice(&lines), NULL), 0);
	assert_false(e.opened);
	assert_int_equal(envelope_count(&e, RECIPIENT_WAITING), 2);
	assert_int_equal(e.at[0].tries, 1);
	assert_int_equal(envelope_next(&e), 50);
	assert_string_equal(e.at[0].text, "450 4.2.0 line??sent 1 6 250 forged??[2J?");
	assert_int_equal(e.whole, strlen(HEAD) + strlen("open 5\n") + lines.len);

	buf_clear(&lines);
	event = (struct envelope_event){ .kind = EVENT_NOW, .when = 7 };
	envelope_put_event(&lines, &event);
	assert_int_equal(envelope_apply(&e, buf_slice(&lines), NULL), 0);
	assert_int_equal(envelope_next(&e), 0);
	assert_int_equal(e.at[1].tries, 1);
}

static void long_texts_are_cut(void **state)
{
	AUTO_BUF out = { 0 };
	AUTO_BUF text = { 0 };

	(void)state;
	for (int i = 0; i < 5000; i++)
		buf_add_byte(&text, 'x');
	envelope_put_text(&out, buf_slice(&text));
	assert_int_equal(out.len, ENVELOPE_TEXT_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(comes_back_as_written),
		cmocka_unit_test(events_are_applied),
		cmocka_unit_test(long_texts_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
