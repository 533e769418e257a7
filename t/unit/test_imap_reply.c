/*
 * IMAP responses: each row is read whole and in pieces of one to three bytes, and must
 * say the same.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/net/imap_reply.h"

/*
 * What comes out: "T tag cond [code] text|" tagged, "S ..." untagged status, "+ text|",
 * "C n name|", "F n|" found, "B uid size|" body, bytes as they are, "E uid flags date
 * body|" the end of a FETCH, "D name text|", and "!" when it is malformed.
 */
struct row {
	const char *label;
	struct slice in;
	struct slice want;
};

#define ROW(label, in, want) { label, SLICE(in), SLICE(want) }

static const struct row rows[] = {
	ROW("tagged", "a1 OK done\r\n", "T a1 0 [] done|"),
	ROW("tagged with code", "a1 NO [AUTH x] why\r\n", "T a1 1 [AUTH x] why|"),
	ROW("tagged without text", "a1 BAD\r\n", "T a1 2 [] |"),
	ROW("lower case", "a1 ok done\r\n", "T a1 0 [] done|"),
	ROW("bare LF", "a1 OK done\n", "T a1 0 [] done|"),
	ROW("OKAY is no OK", "a1 OKAY\r\n", "!"),
	ROW("NONE is no NO", "a1 NONE x\r\n", "!"),
	ROW("a tag says BYE", "a1 BYE x\r\n", "!"),
	ROW("a tag alone", "a1\r\n", "!"),
	ROW("an empty line", "\r\n", "!"),
	ROW("status", "* OK [UIDVALIDITY 17] x\r\n", "S 0 [UIDVALIDITY 17] x|"),
	ROW("bye", "* BYE down\r\n", "S 3 [] down|"),
	ROW("text that looks like a literal", "* OK [ALERT] see {5}\r\na OK x\r\n",
		"S 0 [ALERT] see {5}|T a 0 [] x|"),
	ROW("tagged text that looks like a literal", "a NO no {3}\r\n", "T a 1 [] no {3}|"),
	ROW("continuation", "+ go {3}\r\n+\r\n", "+ go {3}|+ |"),
	ROW("exists, expunge", "* 3 EXISTS\r\n* 2 EXPUNGE\r\n", "C 3 EXISTS|C 2 EXPUNGE|"),
	ROW("more than 32 bits", "* 4294967296 EXISTS\r\n", "!"),
	ROW("search", "* SEARCH 1 2 30\r\na OK x\r\n", "F 1|F 2|F 30|T a 0 [] x|"),
	ROW("search, nothing", "* SEARCH\r\na OK x\r\n", "T a 0 [] x|"),
	ROW("search, blank at the end", "* SEARCH 7 \r\na OK x\r\n", "F 7|T a 0 [] x|"),
	ROW("search with modseq", "* SEARCH 7 (MODSEQ 917)\r\na OK x\r\n",
		"F 7|D SEARCH (MODSEQ 917)|T a 0 [] x|"),
	ROW("search of words", "* SEARCH one\r\n", "!"),
	ROW("search beyond 32 bits", "* SEARCH 99999999999\r\n", "!"),
	ROW("esearch", "* ESEARCH (TAG \"a\") UID ALL 1:3,7\r\na OK x\r\n",
		"F 1-3|F 7|D ESEARCH (TAG \"a\") UID ALL|T a 0 [] x|"),
	ROW("esearch, nothing", "* ESEARCH (TAG \"a\") UID\r\na OK x\r\n",
		"D ESEARCH (TAG \"a\") UID|T a 0 [] x|"),
	ROW("esearch with more", "* esearch (tag \"a\") UID MIN 1 all 9:7 COUNT 3\r\na OK x\r\n",
		"F 7-9|D esearch (tag \"a\") UID MIN 1 all  COUNT 3|T a 0 [] x|"),
	ROW("esearch without a set", "* ESEARCH UID ALL \r\n", "!"),
	ROW("esearch with a star", "* ESEARCH UID ALL 1:*\r\n", "!"),
	ROW("esearch with two colons", "* ESEARCH UID ALL 1:2:3\r\n", "!"),
	ROW("esearch beyond 32 bits", "* ESEARCH UID ALL 4294967296\r\n", "!"),
	ROW("no esearch", "* ESEARCHES x\r\n* E\r\n* SEARCHES 1\r\n",
		"D ESEARCHES x|D E |D SEARCHES 1|"),
	ROW("list", "* LIST (\\Noselect) \"/\" foo\r\n", "D LIST (\\Noselect) \"/\" foo|"),
	ROW("list with a literal", "* LIST () \"/\" {3}\r\na\"b\r\n* 1 EXISTS\r\n",
		"D LIST () \"/\" {3}\r\na\"b|C 1 EXISTS|"),
	ROW("fetch", "* 1 FETCH (UID 5 FLAGS (\\Seen $L) INTERNALDATE \"17-Jul-1996 02:44:25"
		" -0700\" RFC822.SIZE 5 BODY[] {5}\r\nab\r\nc)\r\na OK x\r\n",
		"B 5 5|ab\r\ncE 5 \\Seen $L 17-Jul-1996 02:44:25 -0700 2|T a 0 [] x|"),
	ROW("body holds an answer", "* 1 FETCH (UID 5 BODY[] {11}\r\n)\r\na OK x\r\n)\r\n",
		"B 5 11|)\r\na OK x\r\nE 5   2|"),
	ROW("empty body", "* 1 FETCH (UID 5 BODY[] {0}\r\n)\r\n", "B 5 0|E 5   2|"),
	ROW("uid after the body", "* 1 FETCH (BODY[] {1}\r\nx UID 5)\r\n", "B 0 1|xE 5   2|"),
	ROW("literal8", "* 1 FETCH (UID 5 BINARY[] ~{2}\r\n\0\xff)\r\n", "B 5 2|\0\xff" "E 5   2|"),
	ROW("rfc822", "* 1 FETCH (UID 5 RFC822 {2}\r\nab)\r\n", "B 5 2|abE 5   2|"),
	ROW("NIL", "* 1 FETCH (UID 5 BODY[] NIL)\r\n", "E 5   1|"),
	ROW("quoted", "* 1 FETCH (UID 5 BODY[] \"a\\\"b\")\r\n", "E 5   3a\"b|"),
	ROW("quoted and empty", "* 1 FETCH (UID 5 BODY[] \"\")\r\n", "E 5   3|"),
	ROW("flags only", "* 5 FETCH (FLAGS (\\Flagged \\Recent))\r\n", "E 0 \\Flagged  0|"),
	ROW("modseq", "* 5 FETCH (UID 3 MODSEQ (4) FLAGS ())\r\n", "E 3   0|"),
	ROW("Gmail", "* 1 FETCH (X-GM-MSGID 1278455344230334865 X-GM-LABELS (\"\\\\Important\""
		" \\Sent \"Muy &AOE-)\" {3}\r\na\"b NIL) UID 9 BODY[] {1}\r\nx)\r\n",
		"B 9 1|xE 9   2 gmail 1278455344230334865 [\\Important] [\\Sent] [Muy &AOE-)]"
		" [a\"b]|"),
	ROW("Gmail, no labels", "* 1 FETCH (X-GM-MSGID 7 X-GM-LABELS () UID 9)\r\n",
		"E 9   0 gmail 7|"),
	ROW("Gmail, a list of lists", "* 1 FETCH (X-GM-LABELS ((a)) UID 9)\r\n", "!"),
	ROW("Gmail, no list", "* 1 FETCH (X-GM-LABELS NIL UID 9)\r\n", "!"),
	ROW("Gmail, cut", "* 1 FETCH (X-GM-LABELS (a b\r\n", "!"),
	ROW("Gmail, an id beyond 64 bits", "* 1 FETCH (X-GM-MSGID 99999999999999999999)\r\n", "!"),
	ROW("unknown items", "* 1 FETCH (X-LABELS (\"a)\" (b {2}\r\n) )) UID 7 ENVELOPE (NIL"
		" \"(\"))\r\n", "E 7   0|"),
	ROW("header literal is held", "* 1 FETCH (BODY[HEADER.FIELDS (TO CC)] {4}\r\nTo: UID 7)"
		"\r\n", "E 7   0|"),
	ROW("uid zero", "* 1 FETCH (UID 0)\r\n", "!"),
	ROW("uid is a word", "* 1 FETCH (UID x)\r\n", "!"),
	ROW("no parentheses", "* 1 FETCH UID 5\r\n", "!"),
	ROW("cut", "* 1 FETCH (UID 5\r\n", "!"),
	ROW("no value", "* 1 FETCH (UID)\r\n", "!"),
	ROW("two bodies", "* 1 FETCH (BODY[] {1}\r\na BODY[] {1}\r\nb)\r\n", "B 0 1|a!"),
	ROW("4 GiB and more", "* 1 FETCH (UID 5 BODY[] {4294967296}\r\n", "!"),
	ROW("beyond 64 bits", "* 1 FETCH (UID 5 BODY[] {99999999999999999999}\r\n", "!"),
	ROW("body outside of fetch", "* 1 LIST BODY[] {3}\r\n", "!"),
	ROW("held literal too long", "* LIST () \"/\" {2000000}\r\n", "!"),
	ROW("NUL in a line", "* \0 x\r\n", "D \0 x|"),
	ROW("HTTP", "HTTP/1.1 400 Bad Request\r\n", "!"),
};

static void tell_fetch(const struct imap_event *e, struct buf *out)
{
	if (e->kind == IMAP_BODY) {
		buf_addf(out, "B %u %u|", e->fetch->uid, (unsigned)e->number);
		return;
	}
	buf_addf(out, "E %u %s %s %d", e->fetch->uid, buf_text(&e->fetch->flags),
		buf_text(&e->fetch->date), (int)e->fetch->body);
	buf_add_slice(out, buf_slice(&e->fetch->quoted));
	if (e->fetch->gmail_id)
		buf_addf(out, " gmail %llu", (unsigned long long)e->fetch->gmail_id);
	for (size_t i = 0; i < e->fetch->labels.count; i++)
		buf_addf(out, " [%s]", e->fetch->labels.at[i]);
	buf_add_text(out, "|");
}

static void tell(const struct imap_event *e, struct buf *out)
{
	switch (e->kind) {
	case IMAP_TAGGED:
		buf_addf(out, "T %.*s %d [%.*s] %.*s|", SLICE_ARG(e->tag), (int)e->condition,
			SLICE_ARG(e->code), SLICE_ARG(e->text));
		break;
	case IMAP_STATUS:
		buf_addf(out, "S %d [%.*s] %.*s|", (int)e->condition, SLICE_ARG(e->code),
			SLICE_ARG(e->text));
		break;
	case IMAP_GO_ON:
		buf_addf(out, "+ %.*s|", SLICE_ARG(e->text));
		break;
	case IMAP_COUNT:
		buf_addf(out, "C %u %.*s|", (unsigned)e->number, SLICE_ARG(e->name));
		break;
	case IMAP_FOUND:
		buf_addf(out, "F %u", (unsigned)e->number);
		if (e->last != e->number)
			buf_addf(out, "-%u", (unsigned)e->last);
		buf_add_byte(out, '|');
		break;
	case IMAP_BYTES:
		buf_add_slice(out, e->bytes);
		break;
	case IMAP_DATA:
		buf_add_text(out, "D ");
		buf_add_slice(out, e->name);
		buf_add_byte(out, ' ');
		buf_add_slice(out, e->text);
		buf_add_byte(out, '|');
		break;
	default:
		tell_fetch(e, out);
	}
}

static void read_in_steps(struct slice in, size_t step, struct buf *out)
{
	struct imap_reply *r = imap_reply_new();
	struct imap_event e;
	struct fault why = { 0 };
	int status = 0;

	while (in.len && status == 0) {
		struct slice part = slice_first(in, step);
		struct slice left = part;

		for (;;) {
			status = imap_next(r, &left, &e, &why);
			if (status < 0 || e.kind == IMAP_MORE)
				break;
			tell(&e, out);
		}
		if (status < 0) {
			assert_int_equal(why.kind, FAULT_PROTOCOL);
			buf_add_byte(out, '!');
		}
		slice_skip(&in, part.len);
	}
	imap_reply_free(r);
}

static void test_rows(void **state)
{
	static const size_t steps[] = { SIZE_MAX, 1, 2, 3 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t s = 0; s < 4; s++) {
			AUTO_BUF got = { 0 };

			read_in_steps(rows[i].in, steps[s], &got);
			if (!slice_equal(buf_slice(&got), rows[i].want))
				fail_msg("%s (steps of %zu): got \"%s\", want \"%s\"",
					rows[i].label, steps[s], buf_text(&got),
					rows[i].want.ptr);
		}
	}
}

static void test_endless(void **state)
{
	static const char *const starts[] = { "a", "* LIST ", "* 1 FETCH (X ", "a OK ", "+ " };

	(void)state;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		AUTO_BUF in = { 0 };
		AUTO_BUF got = { 0 };

		buf_add_text(&in, starts[i]);
		for (int n = 0; n < 1 << 20; n++)
			buf_add_byte(&in, '(');
		read_in_steps(buf_slice(&in), 4096, &got);
		assert_string_equal(buf_text(&got), "!");
	}
}

static void test_nested(void **state)
{
	AUTO_BUF in = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	buf_add_text(&in, "* 1 FETCH (X ");
	for (int n = 0; n < 20000; n++)
		buf_add_byte(&in, '(');
	for (int n = 0; n < 20000; n++)
		buf_add_byte(&in, ')');
	buf_add_text(&in, " UID 4)\r\n");
	read_in_steps(buf_slice(&in), SIZE_MAX, &got);
	assert_string_equal(buf_text(&got), "E 4   0|");
}

static void test_large_search(void **state)
{
	struct imap_reply *r = imap_reply_new();
	AUTO_BUF in = { 0 };
	struct imap_event e;
	struct slice rest;
	struct fault why;
	uint64_t count = 0;
	int64_t start = clock_tick();

	(void)state;
	buf_add_text(&in, "* SEARCH");
	for (unsigned n = 1; n <= 200000; n++)
		buf_addf(&in, " %u", n);
	buf_add_text(&in, "\r\n");
	rest = buf_slice(&in);
	while (imap_next(r, &rest, &e, &why) == 0 && e.kind != IMAP_MORE) {
		assert_int_equal(e.kind, IMAP_FOUND);
		assert_int_equal(e.number, ++count);
	}
	assert_int_equal(count, 200000);
	assert_true(clock_tick() - start < 5000);
	imap_reply_free(r);
}

static const struct {
	const char *label;
	struct slice text;
	const char *name; /* NULL: malformed */
	char delimiter;
	bool no_select;
} lists[] = {
	{ "plain", SLICE("() \"/\" INBOX"), "INBOX", '/', false },
	{ "noselect", SLICE("(\\HasChildren \\noselect) \".\" \"a b\""), "a b", '.', true },
	{ "flat", SLICE("() NIL {3}\r\na\"b"), "a\"b", 0, false },
	{ "backslash", SLICE("() \"\\\\\" a"), "a", '\\', false },
	{ "parenthesis unquoted", SLICE("() \"/\" a (b)"), "a (b)", '/', false },
	{ "no flags", SLICE("\"/\" a"), NULL, 0, false },
	{ "no name", SLICE("() \"/\""), NULL, 0, false },
	{ "long delimiter", SLICE("() \"//\" a"), NULL, 0, false },
	{ "open quote", SLICE("() \"/\" \"a"), NULL, 0, false },
	{ "nothing", SLICE(""), NULL, 0, false },
};

static void test_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct imap_list list = { 0 };
		struct fault why;
		int got = imap_list_read(lists[i].text, &list, &why);

		if (got != (lists[i].name ? 0 : -1))
			fail_msg("%s: %d", lists[i].label, got);
		if (got == 0 && (strcmp(buf_text(&list.name), lists[i].name) != 0 ||
				list.delimiter != lists[i].delimiter ||
				list.no_select != lists[i].no_select))
			fail_msg("%s: %s", lists[i].label, buf_text(&list.name));
		imap_list_free(&list);
	}
}

static void test_status(void **state)
{
	struct imap_status s = { 0 };
	struct fault why;

	(void)state;
	assert_int_equal(imap_status_read(SLICE("\"a b\" (MESSAGES 3 X 9 UNSEEN 1)"), &s, &why), 0);
	assert_string_equal(buf_text(&s.name), "a b");
	assert_true(s.has_messages && s.messages == 3 && s.has_unseen && s.unseen == 1);
	assert_int_equal(imap_status_read(SLICE("a ()"), &s, &why), 0);
	assert_false(s.has_messages);
	assert_int_equal(imap_status_read(SLICE("a (UIDNEXT 7 HIGHESTMODSEQ 99 UIDVALIDITY 17)"),
		&s, &why), 0);
	assert_true(s.next == 7 && s.modseq == 99 && s.validity == 17);
	assert_int_equal(imap_status_read(SLICE("a (MESSAGES)"), &s, &why), -1);
	assert_int_equal(imap_status_read(SLICE("a (MESSAGES x)"), &s, &why), -1);
	assert_int_equal(imap_status_read(SLICE("a"), &s, &why), -1);
	buf_free(&s.name);
}

static void test_namespace(void **state)
{
	static const struct {
		struct slice text;
		const char *prefix; /* NULL: malformed */
		char delimiter;
		size_t others;
	} spaces[] = {
		{ SLICE("((\"\" \"/\")) NIL NIL"), "", '/', 0 },
		{ SLICE("((\"INBOX.\" \".\")) NIL  NIL"), "INBOX.", '.', 0 },
		{ SLICE("((\"\" \"/\")) ((\"~\" \"/\")) ((\"#shared/\" \"/\") (\"#public/\" \"/\"))"),
			"", '/', 3 },
		{ SLICE("((\"\" \"/\")(\"#mh/\" NIL \"X-PARAM\" (\"F1\" \"F2\"))) NIL NIL"), "", '/', 1 },
		{ SLICE("NIL NIL ((\"\" \".\"))"), "", 0, 0 },
		{ SLICE("((\"\" \"/\")) NIL"), NULL, 0, 0 },
		{ SLICE("((\"\" \"/\") NIL NIL"), NULL, 0, 0 },
		{ SLICE("((\"\" \"//\")) NIL NIL"), NULL, 0, 0 },
		{ SLICE("x y z"), NULL, 0, 0 },
		{ SLICE(""), NULL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		struct imap_namespace n = { 0 };
		int got = imap_namespace_read(spaces[i].text, &n, NULL);

		if (got != (spaces[i].prefix ? 0 : -1) ||
			(got == 0 && (strcmp(buf_text(&n.prefix), spaces[i].prefix) != 0 ||
			n.delimiter != spaces[i].delimiter || n.others.count != spaces[i].others)))
			fail_msg("%.*s", SLICE_ARG(spaces[i].text));
		imap_namespace_free(&n);
	}
}

static void test_codes(void **state)
{
	uint64_t n;

	(void)state;
	assert_true(imap_code_number(SLICE("UIDVALIDITY 17"), "uidvalidity", &n) && n == 17);
	assert_false(imap_code_number(SLICE("UIDVALIDITY"), "UIDVALIDITY", &n));
	assert_false(imap_code_number(SLICE("UIDVALIDITYX 1"), "UIDVALIDITY", &n));
}

static void test_quote(void **state)
{
	AUTO_BUF out = { 0 };

	(void)state;
	assert_true(imap_quote(&out, SLICE("a\"b\\c")));
	assert_string_equal(buf_text(&out), "\"a\\\"b\\\\c\"");
	assert_false(imap_quote(&out, SLICE("a\r\nb DELETE c")));
	assert_false(imap_quote(&out, SLICE("a\0b")));
	assert_int_equal(out.len, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows), cmocka_unit_test(test_endless),
		cmocka_unit_test(test_nested), cmocka_unit_test(test_large_search),
		cmocka_unit_test(test_lists), cmocka_unit_test(test_status),
		cmocka_unit_test(test_namespace),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_quote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
