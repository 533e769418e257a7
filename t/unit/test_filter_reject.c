/*
 * reject and ereject (RFC 5429), and what does not go together (its section 2.4, RFC 5230
 * section 4.7).
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

#define NEEDS \
	"require [\"reject\",\"ereject\",\"fileinto\",\"copy\",\"vacation\",\"variables\"," \
	"\"imap4flags\"];"
#define KEPT "keep;!r.sieve:1: "
#define TWICE KEPT "a message is rejected once (RFC 5429 2.4)"
#define DELIVERED KEPT "a message that is rejected is not delivered, too (RFC 5429 2.4)"
#define ANSWERED KEPT "a message that is rejected gets no vacation reply (RFC 5429 2.4)"

static const struct sieve_case rows[] = {
	{ "ereject, section 2.1", NEEDS "if address \"from\" \"coyote@desert.example.org\" {"
		" ereject \"I no longer accept mail from this address\"; }",
		"ereject \"I no longer accept mail from this address\";" },
	{ "reject, section 2.2.1", NEEDS "if header :contains \"from\" \"coyote@desert\" {"
		" reject text:\nI am not taking mail from you, and I don't\nwant your birdseed, "
		"either!\n.\n; }",
		"reject \"I am not taking mail from you, and I don't\nwant your birdseed, "
		"either!\n\";" },
	{ "line ends", NEEDS "reject \"a\r\nb\";", "reject \"a\nb\";" },
	{ "UTF-8", NEEDS "reject \"Gr\xc3\xbc\xc3\x9f" "e\";", "reject \"Gr\xc3\xbc\xc3\x9f"
		"e\";" },
	{ "no UTF-8", NEEDS "reject \"a\xff\";", "reject \"a\xef\xbf\xbd\";" },
	{ "empty", NEEDS "reject \"\";", "reject \"\";" },
	{ "from the message", NEEDS "if header :matches \"subject\" \"*\" { reject \"${1}!\"; }",
		"reject \"I have a present\tfor you!\";" },
	{ "with discard", NEEDS "discard; reject \"a\";", "reject \"a\";" },
	{ "with flags", NEEDS "addflag \"\\\\Seen\"; reject \"a\";", "reject \"a\";" },
	{ "then stop", NEEDS "reject \"a\"; stop; keep;", "reject \"a\";" },
	{ "twice", NEEDS "reject \"a\"; reject \"a\";", TWICE },
	{ "reject, ereject", NEEDS "reject \"a\"; ereject \"b\";", TWICE },
	{ "then keep", NEEDS "reject \"a\"; keep;", DELIVERED },
	{ "behind keep", NEEDS "keep; ereject \"a\";", DELIVERED },
	{ "then fileinto", NEEDS "reject \"a\"; fileinto \"b\";", DELIVERED },
	{ "behind fileinto", NEEDS "fileinto :copy \"b\"; reject \"a\";", DELIVERED },
	{ "behind redirect", NEEDS "redirect \"a@b.org\"; reject \"a\";", DELIVERED },
	{ "then redirect", NEEDS "reject \"a\"; redirect \"a@b.org\";", DELIVERED },
	{ "then vacation", NEEDS "reject \"a\"; vacation \"b\";", ANSWERED },
	{ "behind vacation, which does not reply", NEEDS "vacation \"b\"; reject \"a\";",
		ANSWERED },
};

static const struct sieve_case refused[] = {
	{ "no require", "reject \"a\";", "1:1 \"reject\" expected require \"reject\" at the top" },
	{ "one is not the other", "require \"reject\"; ereject \"a\";",
		"1:19 \"ereject\" expected require \"ereject\" at the top" },
	{ "no reason", "require \"reject\"; reject;", "1:19 \"reject\" expected a string" },
	{ "list", "require \"reject\"; reject [\"a\", \"b\"];",
		"1:26 expected one string, no list" },
	{ ":fcc, RFC 8580 7", "require [\"reject\", \"fcc\"]; reject :fcc \"a\" \"b\";",
		"1:35 \"reject\" knows no \":fcc\", expected no tag" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(rows); i++)
		sieve_case_check(&rows[i], rows[i].script);
}

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(refused, SIEVE_COUNT(refused));
}

/* Two files: the first one's actions count for the second. */
static void test_files(void **state)
{
	static const struct {
		const char *first;
		const char *second;
		const char *actions;
	} files[] = {
		{ NEEDS "reject \"a\";", NEEDS "keep;", "reject \"a\";" },
		{ NEEDS "keep;", NEEDS "reject \"a\";", "reject \"a\";" },
		{ NEEDS "fileinto :copy \"a\";", NEEDS "reject \"a\";",
			"fileinto \"a\";keep;!2.sieve:1: a message that is rejected is not delivered, "
			"too (RFC 5429 2.4)" },
	};

	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(files); i++) {
		AUTO_RULESET set = { 0 };
		AUTO_FRAME frame = { 0 };
		AUTO_BUF got = { 0 };

		sieve_case_add(&set, "1.sieve", slice_text(files[i].first));
		sieve_case_add(&set, "2.sieve", slice_text(files[i].second));
		sieve_case_run(&set, &frame, slice_text(sieve_case_message), &got);
		assert_string_equal(got.ptr, files[i].actions);
	}
}

static void test_too_long(void **state)
{
	struct sieve_case row = { "too long", NULL, KEPT "a reason of more than 16 KiB" };
	AUTO_BUF script = { 0 };

	(void)state;
	buf_add_text(&script, NEEDS "reject \"");
	for (size_t i = 0; i < 16385; i++)
		buf_add_byte(&script, 'a');
	buf_add_text(&script, "\";");
	sieve_case_check(&row, script.ptr);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
