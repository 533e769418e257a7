/*
 * Transfer encodings and charsets of bodies, whole and cut at every byte.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/utf8.h"
#include "common/mail/charset.h"
#include "common/mail/transfer.h"
#include "t/unit/effort.h"

struct row {
	const char *label;
	const char *kind; /* transfer encoding or charset */
	struct slice in;
	struct slice want;
};

#define ROW(label, kind, in, want) { label, kind, SLICE(in), SLICE(want) }
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define QP "Quoted-Printable"

static const struct row transfer_rows[] = {
	ROW("identity", "8bit", "a =3D \r\n\0\xff", "a =3D \r\n\0\xff"),
	ROW("not known", "x-uuencode", "abc", "abc"),
	ROW("base64", " BASE64 ", "Zm9v\r\nYmFy\r\n", "foobar"),
	ROW("base64 padded", "base64", "Zg==\n", "f"),
	ROW("base64, two joined", "base64", "Zg==Zm8=", "ffo"),
	ROW("base64, strange bytes", "base64", "Z-m.9\0v!", "foo"),
	ROW("base64 cut", "base64", "Zm9vYm", "foob"),
	ROW("base64 cut to one digit", "base64", "Zm9vY", "foo"),
	ROW("QP", QP, "J=C3=b6rg =3D=\n!\n", "J\xc3\xb6rg =!\n"),
	ROW("QP CRLF", QP, "a=\r\nb\r\n", "ab\r\n"),
	ROW("QP blanks at line end", QP, "a \t\nb \r\nc", "a\nb\r\nc"),
	ROW("QP blank lines", QP, "\n \n\r\n", "\n\n\r\n"),
	ROW("QP soft break with blanks", QP, "a= \t\r\nb", "ab"),
	ROW("QP broken", QP, "a=4Gb=xx==41", "a=4Gb=xx=A"),
	ROW("QP hex digit, then line end", QP, "a=4\nb", "a=4\nb"),
	ROW("QP equals, blank, text", QP, "a= b", "a= b"),
	ROW("QP CR alone", QP, "a\rb \r c", "a\rb \r c"),
	ROW("QP cut at =", QP, "a=", "a"),
	ROW("QP cut at hex", QP, "a=4", "a=4"),
	ROW("QP cut at blanks", QP, "a  ", "a"),
	ROW("QP NUL", QP, "a=00\0b", "a\0\0b"),
};

static const struct row charset_rows[] = {
	ROW("UTF-8", "utf-8", "\xe2\x82\xac\0\n", "\xe2\x82\xac\0\n"),
	ROW("UTF-8 broken", "utf-8", "a\xe2\x82" "b\xff", "a\xef\xbf\xbd\xef\xbf\xbd" "b\xef\xbf\xbd"),
	ROW("UTF-8 cut", "utf-8", "a\xe2\x82", "a\xef\xbf\xbd"),
	ROW("ASCII that is UTF-8", "us-ascii", "\xe2\x82\xac", "\xe2\x82\xac"),
	ROW("ASCII that is not", "", "\x80\xe2", "\xe2\x82\xac\xc3\xa2"),
	ROW("Latin 1", "ISO-8859-1", "\xe4\x80", "\xc3\xa4\xe2\x82\xac"),
	ROW("1252 has none", "windows-1252", "\x81", "\xef\xbf\xbd"),
	ROW("GBK", "gb2312", "\xc4\xe3\xba\xc3", "\xe4\xbd\xa0\xe5\xa5\xbd"),
	ROW("Shift JIS", "shift_jis", "\x93\xfa\x96\x7b", "\xe6\x97\xa5\xe6\x9c\xac"),
	ROW("Shift JIS cut", "shift_jis", "\x93\xfa\x96", "\xe6\x97\xa5\xef\xbf\xbd"),
	ROW("UTF-16", "utf-16", "\xff\xfe\x61\x00\xac\x20", "a\xe2\x82\xac"),
	ROW("ISO-2022-JP", "iso-2022-jp", "\x1b$B\x46\x7c\x1b(Bx", "\xe6\x97\xa5x"),
	ROW("UTF-7", "utf-7", "a+AOQ-+2ADcAA-", "a\xc3\xa4\xf0\x90\x80\x80"),
	ROW("ISO-2022-KR", "iso-2022-kr", "\x1b$)C\x0e\x30\x21\x0f" "a", "\xea\xb0\x80" "a"),
	ROW("EUC-KR broken", "euc-kr", "\xff\x61", "\xef\xbf\xbd" "a"),
};

static void transfer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(transfer_rows); i++) {
		const struct row *row = &transfer_rows[i];

		for (size_t step = 1; step <= row->in.len + 1; step++) {
			struct transfer t = { .kind = transfer_kind(slice_text(row->kind)) };
			struct slice in = row->in;
			AUTO_BUF got = { 0 };

			while (in.len > 0) {
				transfer_decode(&t, slice_first(in, step), &got);
				slice_skip(&in, in.len < step ? in.len : step);
			}
			transfer_finish(&t, &got);
			if (!slice_equal(buf_slice(&got), row->want))
				fail_msg("%s, cut at each %zu: %s", row->label, step,
					buf_text(&got));
		}
	}
}

static void charset(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(charset_rows); i++) {
		const struct row *row = &charset_rows[i];

		for (size_t step = 1; step <= row->in.len + 1; step++) {
			struct charset *c = charset_open(slice_text(row->kind));
			struct slice in = row->in;
			AUTO_BUF got = { 0 };

			assert_non_null(c);
			while (in.len > 0) {
				charset_feed(c, slice_first(in, step), &got);
				slice_skip(&in, in.len < step ? in.len : step);
			}
			charset_finish(c, &got);
			charset_close(c);
			if (!slice_equal(buf_slice(&got), row->want))
				fail_msg("%s, cut at each %zu: %s", row->label, step,
					buf_text(&got));
		}
	}
}

/* What becomes of broken shift states is glibc's affair, but not where the bytes are cut. */
static void broken_shifts_are_the_same_in_pieces(void **state)
{
	static const struct slice bytes = SLICE("+3QCO+A-DcAA-\x1b$)C\x0e\x30\x1b$B\xff\x0f");
	static const char *const names[] = { "utf-7", "iso-2022-kr", "iso-2022-jp",
		"iso-2022-jp-2" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		AUTO_BUF whole = { 0 };

		assert_true(charset_to_utf8(slice_text(names[i]), bytes, &whole));
		assert_true(utf8_valid(buf_slice(&whole)));
		for (size_t cut = 0; cut < bytes.len; cut++) {
			struct charset *c = charset_open(slice_text(names[i]));
			AUTO_BUF got = { 0 };

			charset_feed(c, slice_first(bytes, cut), &got);
			charset_feed(c, slice_from(bytes, cut), &got);
			charset_finish(c, &got);
			charset_close(c);
			if (!slice_equal(buf_slice(&got), buf_slice(&whole)))
				fail_msg("%s cut at %zu", names[i], cut);
		}
	}
}

/* A row of the table that this system cannot convert is a row for nothing. */
static void charset_names(void **state)
{
	static const char *const names[] = { "utf-8", "KOI8-U", "ks_c_5601-1987", "big5-hkscs",
		"iso-8859-16", "windows-1258", "viscii", "johab", "euc-tw", "windows-874" };
	AUTO_BUF got = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!charset_to_utf8(slice_text(names[i]), SLICE("a"), &got))
			fail_msg("%s", names[i]);
	}
	assert_false(charset_known(SLICE("IBM1390")));
	assert_false(charset_to_utf8(SLICE("utf-8//TRANSLIT"), SLICE("a"), &got));
	assert_string_equal(buf_text(&got), "aaaaaaaaaa");
}

static void blanks_without_end_are_not_held(void **state)
{
	struct transfer t = { .kind = TRANSFER_QUOTED };
	AUTO_BUF in = { 0 };
	AUTO_BUF got = { 0 };
	int64_t start = effort_ms();

	(void)state;
	for (int i = 0; i < 4000000; i++)
		buf_add_byte(&in, ' ');
	transfer_decode(&t, buf_slice(&in), &got);
	assert_true(t.held.len <= TRANSFER_HELD_MAX);
	transfer_decode(&t, SLICE("=  x"), &got);
	transfer_decode(&t, buf_slice(&in), &got);
	assert_true(t.held.len <= TRANSFER_HELD_MAX);
	transfer_finish(&t, &got);
	assert_true(effort_ms() - start < 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transfer),
		cmocka_unit_test(charset),
		cmocka_unit_test(broken_shifts_are_the_same_in_pieces),
		cmocka_unit_test(charset_names),
		cmocka_unit_test(blanks_without_end_are_not_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
