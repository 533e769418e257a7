/*
 * Names in a Maildir: unique, with flags; names in tmp/ that tell whose they are; loops.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "deliver/loop.h"
#include "deliver/maildir_name.h"
#include "deliver/owner.h"

static void check_letters(void **state)
{
	static const struct {
		const char *flags, *want;
	} rows[] = {
		{ "", "" },
		{ "\\Seen", "S" },
		{ "\\seen \\ANSWERED", "RS" },
		{ "\\Deleted \\Seen \\Answered $Forwarded \\Flagged \\Draft", "DFPRST" },
		{ "\\Seen \\Seen", "S" },
		{ "$Label1 \\Recent Seen", "" },
		{ "  \\Flagged  ", "F" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF out = { 0 };

		maildir_put_letters(&out, slice_text(rows[i].flags));
		assert_string_equal(buf_text(&out), rows[i].want);
	}
}

static void check_unique(void **state)
{
	AUTO_BUF one = { 0 };
	AUTO_BUF two = { 0 };

	(void)state;
	maildir_put_name(&one, "host", 12);
	maildir_put_name(&two, "host", 12);
	assert_string_not_equal(buf_text(&one), buf_text(&two));
	assert_non_null(strstr(buf_text(&one), ".host,S=12"));
	assert_true(one.len < 200);
}

static void check_same_name(void **state)
{
	(void)state;
	assert_true(maildir_same_name("1.a.h,S=3", "1.a.h,S=3"));
	assert_true(maildir_same_name("1.a.h,S=3:2,RS", "1.a.h,S=3"));
	assert_true(maildir_same_name("1.a.h,S=3:2,RS", "1.a.h,S=3:2,S"));
	assert_true(maildir_same_name("1.a.h,S=3", "1.a.h,S=3:2,S"));
	assert_false(maildir_same_name("1.a.h,S=33", "1.a.h,S=3"));
	assert_false(maildir_same_name("1.a.h", "1.a.h,S=3"));
}

static void check_tmp_names(void **state)
{
	struct host h = { .name = "box.example.org", .boot = "0123456789abcdef" };
	struct host other = { .name = "x.example.org", .boot = "0123456789abcdef" };
	struct owner one = { .number = 1, .inode = 77 };
	struct owner eleven = { .number = 11, .inode = 77 };
	struct owner elsewhere = { .number = 1, .inode = 78 };
	AUTO_BUF name = { 0 };

	(void)state;
	owner_put_tmp_name(&one, &h, &name);
	assert_true(owner_made(&one, &h, buf_text(&name)));
	h.boot = "ffff";
	assert_true(owner_made(&one, &h, buf_text(&name)));
	assert_false(owner_made(&eleven, &h, buf_text(&name)));
	assert_false(owner_made(&elsewhere, &h, buf_text(&name)));
	assert_false(owner_made(&one, &other, buf_text(&name)));
	assert_false(owner_made(&one, &h, "1700000000.M1P1.box.example.org"));
	assert_false(owner_made(&one, &h, "mr.1.4d."));
}

static void check_loops(void **state)
{
	static const struct {
		const char *label, *header, *recipient;
		bool may;
	} rows[] = {
		{ "free", "Subject: x\n\n", "a@b.c", true },
		{ "redirected there", "X-Redirected-To: a@b.c\n\n", "a@b.c", false },
		{ "in another case", "x-redirected-to:  A@B.c \n\n", "a@b.c", false },
		{ "delivered there", "Subject: x\nDelivered-To: a@b.c\n\n", "a@b.c", false },
		{ "redirected elsewhere", "X-Redirected-To: b@b.c\n\n", "a@b.c", true },
		{ "three hosts", "Received: 1\nReceived: 2\nReceived: 3\n\n", "a@b.c", true },
		{ "four hosts", "Received: 1\nReceived: 2\nReceived: 3\nReceived: 4\n\n", "a@b.c", false },
		{ "no address", "\n", "a b", false },
		{ "a second line", "\n", "a@b.c>\r\nRCPT TO:<d@e.f", false },
		{ "empty", "\n", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((loop_check(slice_text(rows[i].header), slice_text(rows[i].recipient), 3) == NULL) !=
			rows[i].may)
			fail_msg("%s", rows[i].label);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_letters),
		cmocka_unit_test(check_unique),
		cmocka_unit_test(check_same_name),
		cmocka_unit_test(check_tmp_names),
		cmocka_unit_test(check_loops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
