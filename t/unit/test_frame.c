/*
 * common/mail/frame: copies own what they hold.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/mail/stream.h"

static void fill(struct frame *f)
{
	buf_add_text(&f->id, "id");
	buf_add_text(&f->account, "account");
	buf_add_text(&f->folder, "folder");
	buf_add_text(&f->received, "received");
	buf_add_text(&f->flags, "flags");
	buf_add_text(&f->mail_from, "from");
	buf_add_text(&f->after, "after");
	f->mail_from_known = true;
	f->variant = 1;
	f->variants = 2;
	f->decided = true;
	strings_add(&f->rcpt_to, SLICE("to"));
	strings_add(&f->others, SLICE("x: y"));
	for (int i = 0; i < 5; i++)
		frame_add_action(f, SLICE("rule"), SLICE("keep;"));
}

static void test_copy(void **state)
{
	AUTO_FRAME one = { 0 };
	AUTO_FRAME two = { 0 };
	AUTO_BUF first = { 0 };
	AUTO_BUF second = { 0 };

	(void)state;
	fill(&one);
	fill(&two); /* a copy replaces what was there */
	stream_put_frame(&first, &one);
	assert_non_null(strstr(first.ptr, "after: after\nactions: 5\naction: rule keep;\n"));
	frame_copy(&two, &one);
	frame_clear(&one);
	stream_put_frame(&second, &two);
	assert_string_equal(second.ptr, first.ptr);
	frame_copy(&two, &one); /* of nothing: empties it */
	buf_clear(&second);
	stream_put_frame(&second, &two);
	assert_string_equal(second.ptr, "message\n\n");
}

static void test_clear(void **state)
{
	struct frame f = { 0 };
	struct frame empty = { 0 };

	(void)state;
	frame_clear(&f);
	fill(&f);
	frame_clear(&f);
	assert_memory_equal(&f, &empty, sizeof(f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_clear),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
