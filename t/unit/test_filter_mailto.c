/*
 * mailto URIs: the examples of RFC 6068 section 6, those of RFC 5436, and bad ones.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/reply/mailto.h"

#define DIGITS "!\"%\" in a mailto URI expected two hexadecimal digits"
#define ENCODE(hex) "!a mailto URI holds a character that expected to be written as %" hex
#define NO_ADDRESS(text) "!\"" text "\" in a mailto URI is no address, expected name@domain"
#define CONTROL(name) "!a control character in field \"" name "\" of a mailto URI"

static const struct {
	const char *label;
	const char *uri;
	const char *out; /* "to,to;cc|subject|body|Name=value|..." or "!" and what is wrong */
} rows[] = {
	/* RFC 6068 section 6.1 */
	{ "plain", "mailto:chris@example.com", "chris@example.com;||" },
	{ "subject", "mailto:infobot@example.com?subject=current-issue",
		"infobot@example.com;|current-issue|" },
	{ "body", "mailto:infobot@example.com?body=send%20current-issue",
		"infobot@example.com;||send current-issue" },
	{ "body of two lines", "mailto:infobot@example.com?body=send%20current-issue%0D%0Asend"
		"%20index", "infobot@example.com;||send current-issue\r\nsend index" },
	{ "In-Reply-To is ours", "mailto:list@example.org?In-Reply-To=%3C3469A91.D10AF4C@"
		"example.com%3E", "list@example.org;||" },
	{ "cc", "mailto:joe@example.com?cc=bob@example.com&body=hello",
		"joe@example.com;bob@example.com||hello" },
	{ "? twice", "mailto:joe@example.com?cc=bob@example.com?body=hello", ENCODE("3F") },
	{ "percent", "mailto:gorby%25kremvax@example.com", "gorby%kremvax@example.com;||" },
	{ "question mark", "mailto:unlikely%3Faddress@example.com?blat=foop",
		"unlikely?address@example.com;|||Blat=foop" },
	{ "ampersand", "mailto:Mike%26family@example.org", "Mike&family@example.org;||" },
	/* 6.2 */
	{ "quoted at", "mailto:%22not%40me%22@example.org", "\"not@me\"@example.org;||" },
	{ "quoted backslash", "mailto:%22oh%5C%5Cno%22@example.org",
		"\"oh\\\\no\"@example.org;||" },
	{ "ugly", "mailto:%22%5C%5C%5C%22it's%5C%20ugly%5C%5C%5C%22%22@example.org",
		"\"\\\\\\\"it's ugly\\\\\\\"\"@example.org;||" },
	/* 6.3 */
	{ "UTF-8", "mailto:user@example.org?subject=caf%C3%A9",
		"user@example.org;|caf\xc3\xa9|" },
	{ "encoded word", "mailto:user@example.org?subject=%3D%3Futf-8%3FQ%3Fcaf%3DC3%3DA9%3F%3D",
		"user@example.org;|caf\xc3\xa9|" },
	{ "a control character in an encoded word",
		"mailto:user@example.org?subject=%3D%3Futf-8%3FQ%3Fa%3D19b%3F%3D",
		"!a control character in the subject of a mailto URI" },
	{ "iso-8859-1", "mailto:user@example.org?subject=%3D%3Fiso-8859-1%3FQ%3Fcaf%3DE9%3F%3D",
		"user@example.org;|caf\xc3\xa9|" },
	{ "no encoded word in a body", "mailto:u@example.org?body=%3D%3Futf-8%3FQ%3Fa%3F%3D",
		"u@example.org;||=?utf-8?Q?a?=" },
	{ "international domain", "mailto:user@%E7%B4%8D%E8%B1%86.example.org?subject=Test&body="
		"NATTO", "user@\xe7\xb4\x8d\xe8\xb1\x86.example.org;|Test|NATTO" },
	/* section 2 */
	{ "several", "mailto:addr1@an.example,addr2@an.example",
		"addr1@an.example,addr2@an.example;||" },
	{ "to in a field", "mailto:?to=addr1@an.example,addr2@an.example",
		"addr1@an.example,addr2@an.example;||" },
	{ "both", "mailto:addr1@an.example?to=addr2@an.example",
		"addr1@an.example,addr2@an.example;||" },
	{ "RFC 5436 section 3", "mailto:0123456789@sms.example.net?to=backup@example.com",
		"0123456789@sms.example.net,backup@example.com;||" },
	{ "each once", "mailto:a@b.org,a@b.org?to=a@b.org&cc=a@b.org,c@d.org",
		"a@b.org;c@d.org||" },
	{ "no recipient", "mailto:", ";||" },
	{ "in capitals", "MAILTO:a@b.org?SUBJECT=x&Body=y", "a@b.org;|x|y" },
	{ "fragment", "mailto:a@b.org?subject=x#y z", "a@b.org;|x|" },
	{ "slash", "mailto:a@b.org?subject=a/b", "a@b.org;|a/b|" },
	{ "plus is plus", "mailto:bill+ietf@example.org?subject=a+b",
		"bill+ietf@example.org;|a+b|" },
	{ "first of a name", "mailto:a@b.org?subject=x&subject=y&x=1&X=2&body=&body=z",
		"a@b.org;|x||X=1" },
	{ "decoded once", "mailto:a@b.org?subject=%2541", "a@b.org;|%41|" },
	{ "no value", "mailto:a@b.org?subject=", "a@b.org;||" },
	/* what a URI must not set */
	{ "unsafe fields", "mailto:a@b.org?from=x@y.org&Auto-Submitted=no&received=x&Date=x&"
		"message-id=x&bcc=v@v.org&content-type=x&MIME-Version=2&resent-to=v@v.org&"
		"sender=x&return-path=x&apparently-to=v@v.org&references=x&Disposition-"
		"Notification-To=v@v.org&x-y=z", "a@b.org;|||X-y=z" },
	/* wrong ones */
	{ "blank", "mailto:a@b.org?subject=a b", ENCODE("20") },
	{ "8-bit byte", "mailto:a@b.org?subject=\xc3\xa9", ENCODE("C3") },
	{ "line end", "mailto:a@b.org\nBcc: v@v.org", ENCODE("0A") },
	{ "encoded line end in a field", "mailto:a@b.org?subject=x%0D%0ABcc:%20v@v.org",
		CONTROL("subject") },
	{ "encoded line end in another field", "mailto:a@b.org?x-y=x%0Az", CONTROL("x-y") },
	{ "encoded line end in an address", "mailto:a%0A@b.org", NO_ADDRESS("a\n@b.org") },
	{ "encoded line end in cc", "mailto:?cc=a@b.org%0A", CONTROL("cc") },
	{ "line end in a name", "mailto:a@b.org?x%0Ay=z",
		"!a mailto URI with a field that has no name" },
	{ "colon in a name", "mailto:a@b.org?x:y=z",
		"!a mailto URI with a field that has no name" },
	{ "NUL", "mailto:a@b.org?body=%00", "!a mailto URI expected UTF-8 without NUL" },
	{ "no UTF-8", "mailto:a@b.org?body=%C3", "!a mailto URI expected UTF-8 without NUL" },
	{ "cut digits", "mailto:a@b.org?body=%4", DIGITS },
	{ "cut at percent", "mailto:a@b.org?body=%", DIGITS },
	{ "no digits", "mailto:a@b.org?body=%zz", DIGITS },
	{ "no domain", "mailto:a", NO_ADDRESS("a") },
	{ "no local part", "mailto:@b.org", NO_ADDRESS("@b.org") },
	{ "empty one", "mailto:a@b.org,,c@d.org", NO_ADDRESS("") },
	{ "comma at the end", "mailto:a@b.org,", NO_ADDRESS(",") },
	{ "name in the path", "mailto:A%20%3Ca@b.org%3E", NO_ADDRESS("A <a@b.org>") },
	{ "name in a field", "mailto:?to=A%20%3Ca@b.org%3E", "a@b.org;||" },
	{ "group", "mailto:?to=g:a@b.org;", NO_ADDRESS("g:a@b.org;") },
	{ "no equal sign", "mailto:a@b.org?subject",
		"!a mailto URI with a field that has no \"=\"" },
	{ "no name", "mailto:a@b.org?=x", "!a mailto URI with a field that has no name" },
	{ "two signs", "mailto:a@b.org?x=1&&y=2",
		"!a mailto URI with a field that has no \"=\"" },
	{ "another scheme", "http://a", "!not a mailto URI" },
	{ "empty", "", "!not a mailto URI" },
};

static void put_list(struct buf *out, const struct strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		buf_addf(out, "%s%s", i > 0 ? "," : "", list->at[i]);
}

static void read_it(struct slice uri, struct buf *out)
{
	AUTO_MAILTO m = { 0 };
	struct fault why;

	if (mailto_read(uri, &m, &why) < 0) {
		buf_addf(out, "!%s", why.text);
		return;
	}
	put_list(out, &m.to);
	buf_add_byte(out, ';');
	put_list(out, &m.cc);
	buf_addf(out, "|%s|%s", m.subject ? m.subject : "", m.body ? m.body : "");
	for (size_t i = 0; i < m.names.count; i++)
		buf_addf(out, "|%s=%s", m.names.at[i], m.values.at[i]);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF got = { 0 };

		read_it(slice_text(rows[i].uri), &got);
		if (strcmp(got.ptr, rows[i].out) != 0)
			fail_msg("%s: got <%s>, expected <%s>", rows[i].label, got.ptr,
				rows[i].out);
	}
}

static void check_limit(const char *each, int count, const char *out)
{
	AUTO_BUF uri = { 0 };
	AUTO_BUF got = { 0 };

	buf_add_text(&uri, "mailto:?x-0=y");
	for (int i = 1; i <= count; i++) {
		buf_add_text(&uri, each);
		buf_addf(&uri, "%d", i);
		buf_add_text(&uri, each[1] == 'c' ? "@b.org" : "=y");
	}
	read_it(buf_slice(&uri), &got);
	assert_string_equal(got.ptr, out);
}

static void test_limits(void **state)
{
	(void)state;
	check_limit("&cc=", 101, "!more than 100 recipients in a mailto URI");
	check_limit("&x-", 50, "!more than 50 fields in a mailto URI");
	check_limit("&cc=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 2000,
		"!a mailto URI of more than 64 KiB");
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
