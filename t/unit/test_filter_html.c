/*
 * HTML to text, fed whole and byte by byte.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/parts/html.h"
#include "t/unit/effort.h"

static const struct {
	const char *label;
	const char *in;
	const char *out;
} rows[] = {
	{ "text", "plain text", "plain text" },
	{ "white space is one blank", " a \t\r\n  b\n", "a b" },
	{ "inline tags leave nothing", "v<b>ia</b>g<font color=red>ra</font>", "viagra" },
	{ "blocks are lines", "<p>a</p><p>b<br/>c<td>d", "a\nb\nc\nd" },
	{ "one line end for many", "a</div>\n\n</div><div><p>b", "a\nb" },
	{ "names in capitals", "a<BR>b<B>c</B>", "a\nbc" },
	{ "unknown tags are blocks", "a<o:x>b", "a\nb" },
	{ "quotes in a tag", "a<i x=\"1>2\" y='>'>b", "ab" },
	{ "a quote that is none", "a<i x\">b</i>\"c", "ab\"c" },
	{ "= before a name is no value", "a<i =\">b<i =\">c", "abc" },
	{ "blanks around =", "a<i x = \">\" z>b", "ab" },
	{ "a value without quotes", "a<i x=y\">b", "ab" },
	{ "a slash behind the name", "a<i/x=\">\">b", "ab" },
	{ "< that is no tag", "1 < 2 <3 a<b", "1 < 2 <3 a" },
	{ "< at the end", "a<", "a<" },
	{ "</ at the end", "a</", "a</" },
	{ "</ before no letter", "a</ b>c", "ac" },
	{ "comment", "a<!-- x > y -- z -->b", "ab" },
	{ "comments without text", "a<!-->b<!--->c<!---->d", "abcd" },
	{ "comment ended with --!>", "a<!-- x --!>b", "ab" },
	{ "comment without end", "a<!-- b", "a" },
	{ "declarations", "<!DOCTYPE html><?xml a?>a<![if x]>b<!->c", "abc" },
	{ "script and style", "a<script>if (a<b) '</p>' <!-- </script>b<STYLE>x</style >c",
		"a\nb\nc" },
	{ "an end tag that only begins so", "<script>x</scripts>y</script>z", "z" },
	{ "script without end", "a<script>b", "a" },
	{ "title is text", "<head><title>t</title></head>a", "t\na" },
	{ "references", "&lt;&amp;&gt;&quot;&apos;&auml;&euro;&#65;&#x42;&#X43;",
		"<&>\"'\xc3\xa4\xe2\x82\xac" "ABC" },
	{ "references without ;", "&lt&#65 &amp-", "<A &-" },
	{ "no references", "& a &; &b; &nosuchreference; &# &#x; &#g", "& a &; &b; "
		"&nosuchreference; &# &#x; &#g" },
	{ "references are no mark-up", "&lt;b&gt;x", "<b>x" },
	{ "blanks", "a&nbsp;&#160;&#32;&#10;b", "a b" },
	{ "what has no width", "v&shy;i&#8203;a&zwnj;g&#x200d;r&#xfeff;a", "viagra" },
	{ "windows-1252", "&#150;&#128;", "\xe2\x80\x93\xe2\x82\xac" },
	{ "no characters", "&#0;&#xd800;&#x110000;&#99999999999;", "\xef\xbf\xbd\xef\xbf\xbd"
		"\xef\xbf\xbd\xef\xbf\xbd" },
	{ "reference at the end", "a&am", "a&am" },
	{ "no blank at the ends", "<p> a </p> ", "a" },
};

static void convert(struct slice in, size_t step, struct buf *out)
{
	struct html html = { 0 };

	while (in.len > 0) {
		struct slice piece = slice_first(in, step);

		html_feed(&html, piece, out);
		slice_skip(&in, piece.len);
	}
	html_finish(&html, out);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice in = slice_text(rows[i].in);

		for (size_t step = 1; step <= in.len; step++) {
			AUTO_BUF got = { 0 };

			convert(in, step, &got);
			if (strcmp(buf_text(&got), rows[i].out) != 0)
				fail_msg("%s, by %zu: <%s>", rows[i].label, step, got.ptr);
		}
	}
}

/* NUL and bytes that are no UTF-8 go through; they are the charset's business. */
static void test_bytes(void **state)
{
	AUTO_BUF got = { 0 };

	(void)state;
	convert(SLICE("a\0b\xff<\0>"), 1, &got);
	assert_true(slice_equal(buf_slice(&got), SLICE("a\0b\xff<\0>")));
}

/* What never ends, in linear time. */
static void test_effort(void **state)
{
	static const char *const units[] = { "<", "<a ", "<a x=\"", "&", "&amp", "&aaaaaaaaaaaaaaaaa",
		"<!--", "<script>", "<script></scrip", "<p>", "\n ", "<a<a", "&#99999999999" };

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		AUTO_BUF in = { 0 };
		AUTO_BUF got = { 0 };
		int64_t begin = effort_ms();

		while (in.len < 4 << 20)
			buf_add_text(&in, units[i]);
		convert(buf_slice(&in), 65536, &got);
		if (effort_ms() - begin > 1500)
			fail_msg("%s: %d ms", units[i], (int)(effort_ms() - begin));
		assert_true(got.len <= in.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_effort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
