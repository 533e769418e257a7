/*
 * Encoded words; the rows named in common/mail/LENIENT.md pin their leniencies.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/utf8.h"
#include "common/mail/word.h"
#include "t/unit/effort.h"

#define BAD UTF8_REPLACEMENT

struct row {
	const char *label;
	struct slice in;
	const char *want;
};

#define ROW(label, in, want) { label, SLICE(in), want }

static const struct row rows[] = {
	ROW("plain", "hello world", "hello world"),
	ROW("empty", "", ""),
	/* RFC 2047 section 8 */
	ROW("Q", "=?ISO-8859-1?Q?a?=", "a"),
	ROW("Q and text", "=?ISO-8859-1?Q?a?= b", "a b"),
	ROW("two words", "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
	ROW("two words, many blanks", "=?ISO-8859-1?Q?a?=  \t =?ISO-8859-1?Q?b?=", "ab"),
	ROW("underscore", "=?ISO-8859-1?Q?a_b?=", "a b"),
	ROW("blank at the word's end", "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b"),
	ROW("B", "=?UTF-8?B?w6TDtsO8?=", "\xc3\xa4\xc3\xb6\xc3\xbc"),
	ROW("Latin 1", "=?iso-8859-1?q?J=F6rg?=", "J\xc3\xb6rg"),
	ROW("Latin 2", "=?iso-8859-2?Q?=B1?=", "\xc4\x85"),
	ROW("KOI8-R", "=?koi8-r?B?8NLJ18XU?=",
		"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82"),
	ROW("ISO-2022-JP", "=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=", "\xe6\x97\xa5\xe6\x9c\xac"),
	ROW("language, RFC 2231", "=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore"),
	ROW("text before and behind", "Re: =?utf-8?q?x?= and =?utf-8?q?y?= z", "Re: x and y z"),
	/* hostile */
	ROW("character split between words", "=?utf-8?B?4o==?= =?utf-8?Q?=82=AC?=",
		"\xe2\x82\xac"),
	ROW("split, charset in other case", "=?utf-8?Q?=E2?= =?UTF-8?Q?=82=AC?=",
		"\xe2\x82\xac"),
	ROW("not joined across charsets", "=?utf-8?Q?=E2?= =?iso-8859-1?Q?=E4?=",
		BAD "\xc3\xa4"),
	ROW("not joined across text", "=?utf-8?Q?=E2?=x=?utf-8?Q?=82=AC?=", BAD "x" BAD BAD),
	ROW("keyword split", "=?utf-8?Q?via?= =?utf-8?Q?gra?=", "viagra"),
	ROW("NUL decoded", "=?utf-8?Q?a=00b?=", "a" BAD "b"),
	ROW("line end decoded", "=?utf-8?Q?a=0D=0ABcc:_x?=", "a" BAD BAD "Bcc: x"),
	ROW("NUL raw", "via\0gra viagra", "via" BAD "gra viagra"),
	ROW("overlong", "=?utf-8?Q?=C0=80=E0=80=AF?=", BAD BAD BAD BAD BAD),
	ROW("surrogate", "=?utf-8?Q?=ED=A0=80?=", BAD BAD BAD),
	ROW("surrogate, UTF-16", "=?utf-16be?B?2AAAQQ==?=", BAD "A"),
	ROW("beyond Unicode", "=?utf-8?Q?=F4=90=80=80?=", BAD BAD BAD BAD),
	ROW("cut character", "=?utf-8?Q?=E2=82?=", BAD),
	ROW("UTF-7", "=?utf-7?Q?+AOQ-?=", "\xc3\xa4"),
	/* LENIENT.md from here on */
	ROW("raw UTF-8", "J\xc3\xb6rg", "J\xc3\xb6rg"),
	ROW("raw 8-bit", "J\xf6rg \x80", "J\xc3\xb6rg \xe2\x82\xac"),
	ROW("blanks inside", "=?utf-8?Q?a b?=", "a b"),
	ROW("question mark inside", "=?utf-8?Q?a?b?=", "a?b"),
	ROW("no blank before", "x=?utf-8?Q?y?=z", "xyz"),
	ROW("no blank between", "=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
	ROW("in quotes", "\"=?utf-8?Q?a?=\"", "\"a\""),
	ROW("longer than 75", "=?utf-8?Q?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaa?=",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaa"),
	ROW("padding missing", "=?utf-8?B?YQ?=", "a"),
	ROW("equals sign alone", "=?utf-8?Q?1=2?=", "1=2"),
	ROW("equals sign last", "=?utf-8?Q?a=?=", "a="),
	ROW("8-bit inside", "=?utf-8?Q?\xc3\xb6?=", "\xc3\xb6"),
	ROW("unknown charset", "=?utf-8?Q?a?= =?x-foo?Q?b?=", "a =?x-foo?Q?b?="),
	ROW("a charset that only iconv knows", "=?EBCDIC-US?Q?b?=", "=?EBCDIC-US?Q?b?="),
	ROW("iconv's suffix", "=?utf-8//IGNORE?Q?b?=", "=?utf-8//IGNORE?Q?b?="),
	ROW("broken base64", "=?utf-8?B?a$b?= x", "=?utf-8?B?a$b?= x"),
	ROW("lone base64 digit", "=?utf-8?B?YWJjZ?=", "=?utf-8?B?YWJjZ?="),
	ROW("unknown encoding", "=?utf-8?X?ab?=", "=?utf-8?X?ab?="),
	ROW("no charset", "=?" "?Q?ab?=", "=?" "?Q?ab?="),
	ROW("never closed", "=?utf-8?Q?ab =?utf-8?Q?c?=", "=?utf-8?Q?ab c"),
	ROW("cut short", "=?utf-8?Q", "=?utf-8?Q"),
	ROW("cut shorter", "=?", "=?"),
};

static void decode(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF got = { 0 };

		word_decode(rows[i].in, &got);
		if (!slice_is(buf_slice(&got), rows[i].want))
			fail_msg("%s: %s", rows[i].label, buf_text(&got));
	}
}

static const struct row encode_rows[] = {
	ROW("ASCII", "Hello, world!", "Hello, world!"),
	ROW("mostly ASCII", "J\xc3\xb6rg Doe", "=?UTF-8?Q?J=C3=B6rg_Doe?="),
	ROW("mostly not", "\xd0\x9f\xd1\x80\xd0\xb8", "=?UTF-8?B?0J/RgNC4?="),
	ROW("looks encoded", "=?x", "=?UTF-8?B?PT94?="),
	ROW("control bytes", "a\r\nb", "=?UTF-8?Q?a=0D=0Ab?="),
	ROW("no UTF-8", "a\xff", "=?UTF-8?Q?a=EF=BF=BD?="),
	ROW("folded", "\xc3\xb6" "1234567890123456789012345678901234567890123456789012345678901234",
		"=?UTF-8?Q?=C3=B61234567890123456789012345678901234567890123456?=\n"
		" =?UTF-8?Q?789012345678901234?="),
	ROW("empty", "", ""),
};

static void encode(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(encode_rows) / sizeof(encode_rows[0]); i++) {
		AUTO_BUF got = { 0 };

		word_encode(encode_rows[i].in, &got);
		if (!slice_is(buf_slice(&got), encode_rows[i].want))
			fail_msg("%s: %s", encode_rows[i].label, buf_text(&got));
	}
}

/* Characters of 1 to 4 bytes at every offset: each word whole by itself, none too long. */
static void encoded_comes_back(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 8; shift++) {
		AUTO_BUF text = { 0 };
		AUTO_BUF coded = { 0 };
		AUTO_BUF back = { 0 };
		struct slice rest, line;

		for (size_t i = 0; i < shift; i++)
			buf_add_byte(&text, 'x');
		for (int i = 0; i < 100; i++)
			buf_add_text(&text, i % 3 ? "\xf0\x9f\x93\xac" : "\xc3\xa4 \xe2\x82\xac");
		word_encode(buf_slice(&text), &coded);
		rest = buf_slice(&coded);
		while (slice_line(&rest, &line)) {
			AUTO_BUF one = { 0 };

			assert_true(line.len <= 65);
			word_decode(slice_trim(line), &one);
			assert_int_equal(slice_find(buf_slice(&one), SLICE(BAD)), -1);
		}
		for (size_t i = 0; i < coded.len; i++) {
			if (coded.ptr[i] == '\n')
				coded.ptr[i] = ' ';
		}
		word_decode(buf_slice(&coded), &back);
		assert_true(slice_equal(buf_slice(&back), buf_slice(&text)));
	}
}

static void base64(void **state)
{
	static const struct {
		struct slice text;
		struct slice bytes;
		bool good;
	} texts[] = {
		{ SLICE(""), SLICE(""), true },
		{ SLICE("Zg=="), SLICE("f"), true },
		{ SLICE("Zm8="), SLICE("fo"), true },
		{ SLICE("Zm9v"), SLICE("foo"), true },
		{ SLICE("AP+/"), SLICE("\0\xff\xbf"), true },
		{ SLICE(" Zm\r\n9v "), SLICE("foo"), true },
		{ SLICE("Zm8"), SLICE("fo"), true },
		{ SLICE("Zm9vZ"), SLICE("foo"), false },
		{ SLICE("Zm9v!"), SLICE("foo"), false },
		{ SLICE("Zg==Zg=="), SLICE("f"), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		AUTO_BUF got = { 0 };
		AUTO_BUF back = { 0 };

		assert_int_equal(word_base64_decode(texts[i].text, &got), texts[i].good);
		if (!slice_equal(buf_slice(&got), texts[i].bytes))
			fail_msg("%s", texts[i].text.ptr);
		word_base64_encode(texts[i].bytes, &back);
		if (i < 5)
			assert_true(slice_equal(buf_slice(&back), texts[i].text));
	}
}

static void hostile_words_take_linear_time(void **state)
{
	static const char *const texts[] = { "=?", "=?utf-8?Q?", "=?utf-8?Q?a", "=?utf-8?Q?a?= ",
		"=?utf-8?B?YQ==?=", "=?utf-8?B?$", "=?x?Q?a?=", "=?iso-8859-2?Q?a?= =?koi8-r?Q?b?= ",
		"=?utf-8?Q?a?=  x", "?=", "=?=", "\xc3", "=?utf-8*" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int64_t start = effort_ms();
		AUTO_BUF text = { 0 };
		AUTO_BUF got = { 0 };

		for (int n = 0; n < 30000; n++)
			buf_add_text(&text, texts[i]);
		word_decode(buf_slice(&text), &got);
		if (effort_ms() - start > 2000)
			fail_msg("%s: %lld ms", texts[i], (long long)(effort_ms() - start));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decode),
		cmocka_unit_test(encode),
		cmocka_unit_test(encoded_comes_back),
		cmocka_unit_test(base64),
		cmocka_unit_test(hostile_words_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
