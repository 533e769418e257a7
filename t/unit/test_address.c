/*
 * Address lists; the rows named in common/mail/LENIENT.md pin their leniencies.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/address.h"
#include "t/unit/effort.h"

/* Written "group:name<local@domain>|" for each, local and domain as they are. */
struct row {
	const char *label;
	struct slice in;
	const char *want;
	size_t bad;
};

#define ROW(label, in, want, bad) { label, SLICE(in), want, bad }

static const struct row rows[] = {
	ROW("plain", "a@b.org", "<a@b.org>|", 0),
	ROW("two", "a@b, c@d", "<a@b>|<c@d>|", 0),
	ROW("name", "Joe Doe <joe@x.org>", "Joe Doe<joe@x.org>|", 0),
	ROW("quoted name", "\"Doe, Joe \\\"J\\\"\" <joe@x>", "Doe, Joe \"J\"<joe@x>|", 0),
	ROW("encoded word", "=?utf-8?Q?J=C3=B6?= <j@x>", "=?utf-8?Q?J=C3=B6?=<j@x>|", 0),
	ROW("UTF-8", "J\xc3\xb6 <j\xc3\xb6@\xc3\xbc.de>", "J\xc3\xb6<j\xc3\xb6@\xc3\xbc.de>|", 0),
	ROW("comment as name", "a@b (Joe (the \\) one))", "Joe (the ) one)<a@b>|", 0),
	ROW("comments within", "(x)a(y)@(z)b(c),d@e", "c<a@b>|<d@e>|", 0),
	ROW("blanks around dots", "joe . doe @ x . org", "<joe.doe@x.org>|", 0),
	ROW("quoted local", "\"joe doe\"@x", "<joe doe@x>|", 0),
	ROW("quoted and dotted", "\"a b\".c@x", "<a b.c@x>|", 0),
	ROW("empty quoted local", "\"\"@x", "<@x>|", 0),
	ROW("at in quotes", "\"a@b\"@c", "<a@b@c>|", 0),
	ROW("literal", "a@[192.0.2.1], b@[IPv6: ::1]", "<a@[192.0.2.1]>|<b@[IPv6:::1]>|", 0),
	ROW("group", "A b: a@b, Joe <c@d>; e@f", "A b:<a@b>|A b:Joe<c@d>|<e@f>|", 0),
	ROW("empty group", "undisclosed-recipients:;", "undisclosed-recipients:<>|", 0),
	ROW("route", "<@a,@b.c:joe@x>", "<joe@x>|", 0),
	ROW("null address", "<>", "<>|", 0),
	ROW("empty list", " , ,, ", "", 0),
	ROW("nothing", "", "", 0),
	/* no addresses */
	ROW("words only", "Joe Doe, a@b", "<a@b>|", 1),
	ROW("two at signs", "a@b@c, d@e", "<d@e>|", 1),
	ROW("two at signs in angles", "<a@b@c>, d@e", "<d@e>|", 1),
	ROW("no local", "@b, d@e", "<d@e>|", 1),
	ROW("no domain", "a@, <b@>, d@e", "<d@e>|", 2),
	ROW("blank in angles", "<joe doe@x>, d@e", "<d@e>|", 1),
	ROW("route without end", "<@a,@b>, d@e", "<d@e>|", 1),
	ROW("NUL in the domain", "a@b\0.org, d@e", "<d@e>|", 1),
	ROW("NUL in the local part", "a\0b@c, d@e", "<d@e>|", 1),
	ROW("escaped line end", "\"a\\\r\\\nb\"@c, d@e", "<d@e>|", 1),
	ROW("backslash in the domain", "<a@b\\c>, d@e", "<d@e>|", 1),
	ROW("end after backslash", "<moo@example.com\\", "", 1),
	ROW("literal never closed", "a@[1.2, d@e", "<d@e>|", 1),
	ROW("quoted domain", "a@\"b\", d@e", "<d@e>|", 1),
	ROW("words after angles with at", "<a@b> c@d, e@f", "<a@b>|<e@f>|", 1),
	/* LENIENT.md from here on */
	ROW("unqualified", "joe, <root>", "<joe>|<root>|", 0),
	ROW("dots unquoted in the name", "John Q. Public <a@b>", "John Q. Public<a@b>|", 0),
	ROW("brackets in the name", "[list] Joe <a@b>", "[list] Joe<a@b>|", 0),
	ROW("at sign in the name", "joe@x.org <joe@y>", "joe@x.org<joe@y>|", 0),
	ROW("name without angles", "John Doe joe@x", "John Doe<joe@x>|", 0),
	ROW("words behind the address", "joe@x the great", "<joe@x>|", 0),
	ROW("words behind the angles", "<a@b> junk, c@d", "<a@b>|<c@d>|", 0),
	ROW("no comma between angles", "<a@b> Joe <c@d>", "<a@b>|Joe<c@d>|", 0),
	ROW("angle never closed", "<moo@example.com,", "<moo@example.com>|", 0),
	ROW("angle closed by the next", "<a@b <c@d>", "<a@b>|<c@d>|", 0),
	ROW("angle never opened", "a@b>, c@d", "<a@b>|<c@d>|", 0),
	ROW("mailto", "<mailto:a@b>", "<a@b>|", 0),
	ROW("semicolons", "a@b; c@d", "<a@b>|<c@d>|", 0),
	ROW("group never closed", "g: a@b, c@d", "g:<a@b>|g:<c@d>|", 0),
	ROW("group in a group", "g: a@b, h: c@d;", "g:<a@b>|h:<c@d>|", 0),
	ROW("quote never closed", "\"Joe <a@b>, c@d", "Joe<a@b>|<c@d>|", 0),
	ROW("comment never closed", "(Joe <a@b>, (c) c@d", "Joe<a@b>|c<c@d>|", 0),
	ROW("parenthesis never opened", "Joe) <a@b>", "Joe<a@b>|", 0),
	ROW("dots in the wrong place", ".a..b.@c", "<.a..b.@c>|", 0),
	ROW("line ends left in", "a@b,\r\n c@d\n", "<a@b>|<c@d>|", 0),
	ROW("NUL in the name", "Jo\0e <a@b>", "Jo\xef\xbf\xbd""e<a@b>|", 0),
	ROW("control bytes in the name", "\"J\\\r\\\no\x7f\" <a@b>", "J  o<a@b>|", 0),
};

static void show(const struct address_list *list, struct buf *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct address *a = &list->at[i];

		buf_addf(out, "%s%s%s<%s%s%s>|", a->group ? a->group : "", a->group ? ":" : "",
			a->name ? a->name : "", a->local ? a->local : "", a->domain ? "@" : "",
			a->domain ? a->domain : "");
	}
}

static void lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct address_list list;
		AUTO_BUF got = { 0 };
		size_t bad;

		address_read_list(rows[i].in, &list, &bad);
		show(&list, &got);
		address_list_free(&list);
		if (!slice_is(buf_slice(&got), rows[i].want) || bad != rows[i].bad)
			fail_msg("%s: %s, %zu bad", rows[i].label, buf_text(&got), bad);
	}
}

static void group_without_members_has_no_local(void **state)
{
	AUTO_ADDRESSES list = { 0 };

	(void)state;
	address_read_list(SLICE("g:;, <>"), &list, NULL);
	assert_int_equal(list.count, 2);
	assert_null(list.at[0].local);
	assert_string_equal(list.at[0].group, "g");
	assert_string_equal(list.at[1].local, "");
	assert_null(list.at[1].domain);
}

static void put(void **state)
{
	static const struct {
		struct address a;
		const char *want;
	} puts[] = {
		{ { .local = (char *)"joe.doe", .domain = (char *)"x.org" }, "joe.doe@x.org" },
		{ { .local = (char *)"joe" }, "joe" },
		{ { .local = (char *)"", .domain = (char *)"x" }, "\"\"@x" },
		{ { .local = (char *)"" }, "" },
		{ { .group = "g" }, "" },
		{ { .local = (char *)"a..b", .domain = (char *)"x" }, "\"a..b\"@x" },
		{ { .local = (char *)"a b\"\\", .domain = (char *)"x" }, "\"a b\\\"\\\\\"@x" },
		{ { .local = (char *)"a@b", .domain = (char *)"x" }, "\"a@b\"@x" },
		{ { .local = (char *)"j\xc3\xb6", .domain = (char *)"x" }, "j\xc3\xb6@x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(puts) / sizeof(puts[0]); i++) {
		AUTO_BUF got = { 0 };

		address_put(&got, &puts[i].a);
		assert_string_equal(buf_text(&got), puts[i].want);
	}
}

#define L60 "123456789012345678901234567890123456789012345678901234567890"

static void envelope(void **state)
{
	static const struct {
		struct slice text;
		const char *fault; /* NULL: valid */
	} addresses[] = {
		{ SLICE("joe@x.org"), NULL },
		{ SLICE("root"), NULL },
		{ SLICE("\"joe doe\"@x.org"), NULL },
		{ SLICE("\"a\\\"@b\"@x.org"), NULL },
		{ SLICE("a@[192.0.2.1]"), NULL },
		{ SLICE("a@[IPv6:::1]"), NULL },
		{ SLICE("j\xc3\xb6@\xc3\xbc.de"), NULL },
		{ SLICE(L60 L60 "1234@x"), NULL },
		{ SLICE(""), "the address is empty" },
		{ SLICE("a\n@x"), "the address <a?@x> holds a control character" },
		{ SLICE("a@x\0.org"), "the address <a@x?.org> holds a control character" },
		{ SLICE("\"a\\\r\"@x"), "the address <\"a\\?\"@x> holds a control character" },
		{ SLICE("a b@x"),
			"the address <a b@x> has a local part that needs quotes, or none" },
		{ SLICE("a..b@x"),
			"the address <a..b@x> has a local part that needs quotes, or none" },
		{ SLICE("@x"), "the address <@x> has a local part that needs quotes, or none" },
		{ SLICE("\"a@x"),
			"the address <\"a@x> has a local part that needs quotes, or none" },
		{ SLICE("\"a\\"),
			"the address <\"a\\> has a local part that needs quotes, or none" },
		{ SLICE("\"a\"b@x"),
			"the address <\"a\"b@x> goes on behind the quoted local part" },
		{ SLICE("a>@x"),
			"the address <a>@x> has a local part that needs quotes, or none" },
		{ SLICE("a@x> SIZE=1"), "the address <a@x> SIZE=1> has no valid domain" },
		{ SLICE("a@"), "the address <a@> has no valid domain" },
		{ SLICE("a@x..y"), "the address <a@x..y> has no valid domain" },
		{ SLICE("a@.x"), "the address <a@.x> has no valid domain" },
		{ SLICE("a@x."), "the address <a@x.> has no valid domain" },
		{ SLICE("a@[1.2"), "the address <a@[1.2> has no valid domain" },
		{ SLICE("a@b@c"), "the address <a@b@c> has no valid domain" },
		{ SLICE("a@" L60 L60 L60 L60 "1234567890123"),
			"the address <a@" L60 "12345678901234567890123456789012345678"
			"> is longer than 254 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct fault why = { 0 };
		int got = address_check_envelope(addresses[i].text, &why);

		assert_int_equal(got, addresses[i].fault ? -1 : 0);
		if (addresses[i].fault)
			assert_string_equal(why.text, addresses[i].fault);
	}
}

static void repeat(struct buf *out, const char *text, size_t count)
{
	buf_clear(out);
	for (size_t i = 0; i < count; i++)
		buf_add_text(out, text);
}

static void hostile_lists_take_linear_time(void **state)
{
	static const char *const texts[] = { "(", "((a)", "\"", "\"a\\", "<", "<@", "<a@b", "@[",
		"@[ a", "a@b,", "a:", "a:;", "\\", "\\\"", "a b ", "(a)", "<a@b> c ", ",", ";",
		"\"a\"", "[", "x@y <" };
	int64_t start = effort_ms();
	AUTO_BUF text = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		AUTO_ADDRESSES list = { 0 };
		int64_t each = effort_ms();

		repeat(&text, texts[i], 200000);
		address_read_list(buf_slice(&text), &list, NULL);
		if (effort_ms() - each > 1000)
			fail_msg("%s: %lld ms", texts[i], (long long)(effort_ms() - each));
	}
	assert_true(effort_ms() - start < 10000);
}

static void too_many_are_cut(void **state)
{
	AUTO_ADDRESSES list = { 0 };
	AUTO_BUF text = { 0 };

	(void)state;
	repeat(&text, "g: a@b;,", ADDRESS_MAX);
	address_read_list(buf_slice(&text), &list, NULL);
	assert_int_equal(list.count, ADDRESS_MAX);
	assert_false(list.cut);
	address_list_free(&list);
	buf_add_text(&text, "c@d");
	address_read_list(buf_slice(&text), &list, NULL);
	assert_int_equal(list.count, ADDRESS_MAX);
	assert_true(list.cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(group_without_members_has_no_local),
		cmocka_unit_test(put),
		cmocka_unit_test(envelope),
		cmocka_unit_test(hostile_lists_take_linear_time),
		cmocka_unit_test(too_many_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
