/*
 * Recipients of a mailbox that is several people's, from the header.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/hand/multidrop.h"

static char delivered[] = "Delivered-To";
static char virtual[] = "mbox-user-";
static char admin[] = "admin";
static char domain[] = "our.test";
static char *domains[] = { domain, NULL };
#define OURS { .at = domains, .count = 1 }

static const struct multidrop plain = { .field = delivered, .count = 1 };
static const struct multidrop second = { .field = delivered, .count = 2 };
static const struct multidrop strips = { .field = delivered, .count = 1, .strip = virtual };
static const struct multidrop ours = { .field = delivered, .count = 1, .domains = OURS };
static const struct multidrop guesses = { .field = delivered, .count = 1, .guess = true,
	.domains = OURS };
static const struct multidrop falls = { .field = delivered, .count = 1, .domains = OURS,
	.recipient = admin };
static const struct multidrop single = { .recipient = admin };

/* `want`: the recipients, each with a blank behind it; NULL: refused, and `says` is why. */
struct row {
	const char *label;
	const struct multidrop *how;
	struct slice header;
	const char *want;
	const char *says;
};

#define ROW(label, how, header, want) { label, &(how), SLICE(header), want, NULL }
#define NOT(label, how, header, says) { label, &(how), SLICE(header), NULL, says }

static const struct row rows[] = {
	ROW("one", plain, "To: x@y\nDelivered-To: a@our.test\n\n", "a@our.test "),
	ROW("its name in any case", plain, "delivered-TO:a@b\r\n\r\n", "a@b "),
	ROW("several", plain, "Delivered-To: a@b,\n c@d , A <e@f>\n", "a@b c@d e@f "),
	ROW("each once", plain, "Delivered-To: a@b, a@b\n", "a@b "),
	ROW("without domain", plain, "Delivered-To: joe\n", "joe "),
	ROW("only the first of two", plain, "Delivered-To: a@b\nDelivered-To: c@d\n", "a@b "),
	ROW("the second", second, "Delivered-To: a@b\nX: y\nDelivered-To: c@d\n", "c@d "),
	ROW("quoted", plain, "Delivered-To: \"a b\"@c\n", "\"a b\"@c "),
	ROW("a word that looks like an option", plain, "Delivered-To: -oQ/tmp@x\n",
		"-oQ/tmp@x "),
	ROW("prefix", strips, "Delivered-To: mbox-user-joe@b\n", "joe@b "),
	ROW("no prefix", strips, "Delivered-To: joe@b\n", "joe@b "),
	ROW("prefix in another case", strips, "Delivered-To: Mbox-User-Joe@b\n", "Joe@b "),
	ROW("ours of several", ours, "Delivered-To: a@b, c@OUR.test, d\n", "c@OUR.test "),
	ROW("guessed", guesses, "To: A <a@our.test>, x@y\nCc: b@our.test\nBcc: c@our.test\n",
		"a@our.test b@our.test c@our.test "),
	ROW("resent", guesses, "To: a@our.test\nResent-To: b@our.test\n", "b@our.test "),
	ROW("resent to strangers", guesses, "To: a@our.test\nResent-To: b@y\n", "a@our.test "),
	ROW("guessed among rubbish", guesses, "To: @@, <>, undisclosed:;, a@our.test\n",
		"a@our.test "),
	ROW("no guess where the field is", guesses, "To: a@our.test\nDelivered-To: b@our.test\n",
		"b@our.test "),
	ROW("nobody: the one who is named", falls, "To: x@y\n\n", "admin "),
	ROW("a stranger: the one who is named", falls, "Delivered-To: x@y\n\n", "admin "),
	ROW("one person's mailbox", single, "Delivered-To: x@y\n\n", "admin "),

	NOT("no field", plain, "To: a@b\n\n", "it has no field Delivered-To"),
	NOT("in the body it is none", plain, "To: a@b\n\nDelivered-To: a@b\n",
		"it has no field Delivered-To"),
	NOT("no second", second, "Delivered-To: a@b\n", "it has no field Delivered-To number 2"),
	NOT("empty", plain, "Delivered-To:\n\n", "its field Delivered-To names nobody"),
	NOT("null address", plain, "Delivered-To: <>\n", "its field Delivered-To"),
	NOT("no address", plain, "Delivered-To: a@b, c d e\n",
		"its field Delivered-To: it holds what is no address"),
	NOT("strangers", ours, "Delivered-To: a@b\n",
		"its field Delivered-To names nobody in multidrop-domains"),
	NOT("no guess about strangers", guesses, "To: list@x\n\n",
		"it has no field Delivered-To, and none of our domains is addressed"),
	NOT("too long", plain, "Delivered-To: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b\n",
		"its field Delivered-To: "),
};

static void rows_take(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		AUTO_FRAME frame = { 0 };
		AUTO_BUF got = { 0 };
		struct fault why = { 0 };
		int result = multidrop_take(r->how, r->header, &frame, &why);

		for (size_t k = 0; k < frame.rcpt_to.count; k++)
			buf_addf(&got, "%s ", frame.rcpt_to.at[k]);
		if ((result == 0) != (r->want != NULL))
			fail_msg("%s: %d, %s%s", r->label, result, buf_text(&got), why.text);
		if (r->want && strcmp(buf_text(&got), r->want) != 0)
			fail_msg("%s: got %s", r->label, buf_text(&got));
		if (!r->want && (why.kind != FAULT_TEMP ||
					strncmp(why.text, r->says, strlen(r->says)) != 0))
			fail_msg("%s: %s", r->label, why.text);
	}
}

static void sender(void **state)
{
	static const struct {
		struct slice header;
		bool known;
		const char *want;
	} senders[] = {
		{ SLICE("Return-Path: <s@x>\nDelivered-To: a\n"), true, "s@x" },
		{ SLICE("Return-Path: s@x\nReturn-Path: <t@x>\nDelivered-To: a\n"), true, "s@x" },
		{ SLICE("Return-Path: <>\nDelivered-To: a\n"), true, "" },
		{ SLICE("Return-Path: what is this\nDelivered-To: a\n"), true, "" },
		{ SLICE("Return-Path: <a> <b>\nDelivered-To: a\n"), true, "" },
		{ SLICE("Delivered-To: a\n\nReturn-Path: <s@x>\n"), false, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(senders) / sizeof(senders[0]); i++) {
		AUTO_FRAME frame = { 0 };

		assert_int_equal(multidrop_take(&plain, senders[i].header, &frame, NULL), 0);
		if (frame.mail_from_known != senders[i].known ||
			strcmp(buf_text(&frame.mail_from), senders[i].want) != 0)
			fail_msg("row %zu: %s", i, buf_text(&frame.mail_from));
	}
}

static void too_many(void **state)
{
	AUTO_FRAME frame = { 0 };
	AUTO_BUF header = { 0 };
	struct fault why;

	(void)state;
	buf_add_text(&header, "Delivered-To: x@y");
	for (int i = 0; i < MULTIDROP_RECIPIENTS_MAX; i++)
		buf_addf(&header, ",\n u%d@x", i);
	assert_int_equal(multidrop_take(&plain, buf_slice(&header), &frame, &why), -1);
	assert_non_null(strstr(why.text, "more than 1000 recipients"));
}

static void settings(void **state)
{
	static char bad_name[] = "To:";
	static char received[] = "received";
	static char bad_address[] = "a b";
	const struct {
		struct multidrop m;
		const char *says; /* NULL: it is well */
	} all[] = {
		{ plain, NULL }, { guesses, NULL }, { single, NULL }, { { .count = 1 }, NULL },
		{ { .count = 2 }, "without \"multidrop\"" },
		{ { .count = 1, .guess = true }, "without \"multidrop\"" },
		{ { .field = delivered, .guess = true }, "needs multidrop-domains" },
		{ { .field = bad_name }, "no name of a field" },
		{ { .field = received }, "Received" },
		{ { .recipient = bad_address }, "recipient: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct fault why = { 0 };
		int result = multidrop_check(&all[i].m, &why);

		if ((result == 0) != (all[i].says == NULL))
			fail_msg("row %zu: %s", i, why.text);
		if (all[i].says && (why.kind != FAULT_CONFIG || !strstr(why.text, all[i].says)))
			fail_msg("row %zu: %s", i, why.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_take),
		cmocka_unit_test(sender),
		cmocka_unit_test(too_many),
		cmocka_unit_test(settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
