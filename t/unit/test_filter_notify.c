/*
 * notify by mail: RFC 5435, RFC 5436, RFC 8580 section 6.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "t/unit/reply_case.h"
#include "t/unit/sieve_check.h"

#define NEEDS \
	"require [\"enotify\",\"variables\",\"fileinto\",\"fcc\",\"mailbox\",\"imap4flags\"," \
	"\"relational\",\"comparator-i;ascii-numeric\",\"envelope\",\"reject\"];"
#define TOLD "notify alm@example.com from me@x.org;"
#define FAILS(why) "keep;!r.sieve:1: " why

static const char message[] =
	"From: Boss <boss@example.org>\nTo: me@x.org, sievemailinglist@example.org\n"
	"Subject: Your dog\nMessage-ID: <1@example.org>\nDate: Mon, 2 Feb 2026 10:00:00 +0000\n"
	"\nwoof\n";

static const struct sieve_case rows[] = {
	{ "example 1", NEEDS "if header :contains \"from\" \"boss@example.org\" { notify "
		":importance \"1\" :message \"This is probably very important\" "
		"\"mailto:alm@example.com\"; stop; }", TOLD "keep;" },
	{ "two recipients, RFC 5436 3", NEEDS "notify \"mailto:a@b.org?to=c@d.org&cc=e@f.org\";",
		"notify a@b.org from me@x.org;notify c@d.org from me@x.org;"
		"notify e@f.org from me@x.org;keep;" },
	{ ":from", NEEDS "notify :from \"Me <mee@x.org>\" \"mailto:alm@example.com\";",
		"notify alm@example.com from mee@x.org;keep;" },
	{ "nobody twice", NEEDS "notify \"mailto:alm@example.com\"; notify :message \"x\" "
		"\"mailto:alm@example.com\";",
		"(alm@example.com has been told of this message)" TOLD "keep;" },
	{ "no recipient", NEEDS "notify \"mailto:\";",
		"(no notification: its URI names no recipient)keep;" },
	{ "with discard", NEEDS "notify \"mailto:alm@example.com\"; discard;", TOLD "discard;" },
	{ "with reject", NEEDS "notify \"mailto:alm@example.com\"; reject \"a\";",
		TOLD "reject;" },
	{ "behind reject", NEEDS "reject \"a\"; notify \"mailto:alm@example.com\";",
		"reject;" TOLD },
	{ "another method", NEEDS "notify \"tel:+14085551212\";",
		FAILS("no method of notification for \"tel:+14085551212\", expected mailto:") },
	{ "no method", NEEDS "notify \"${none}\";",
		FAILS("no method of notification for \"\", expected mailto:") },
	{ "wrong URI by a variable", NEEDS "set \"a\" \"x y\"; notify \"mailto:a@b.org?body=${a}\";",
		FAILS("a mailto URI holds a character that expected to be written as %20") },
	{ "example 6", NEEDS "set :encodeurl \"body_param\" \"Safe body&evil=evilbody\"; notify "
		"\"mailto:alm@example.com?body=${body_param}\";", TOLD "keep;" },
	{ "too many", NEEDS "notify \"mailto:a@b.org,c@b.org,d@b.org,e@b.org\";",
		FAILS("more than 3 notifications (filter.max-notifications)") },
	{ "wrong importance by a variable", NEEDS "notify :importance \"${a}\" \"mailto:a@b.org\";",
		FAILS("expected \"1\", \"2\" or \"3\" behind \":importance\"") },
	{ "options", NEEDS "notify :options [\"a-b.c=d\", \"x=\"] \"mailto:alm@example.com\";",
		TOLD "keep;" },
	{ "wrong option by a variable", NEEDS "notify :options \"${a}\" \"mailto:a@b.org\";",
		FAILS("an option expected NAME=VALUE") },
	{ "wrong :from by a variable", NEEDS "notify :from \"a b${a}\" \"mailto:a@b.org\";",
		FAILS("\"a b\" is no author, expected name@domain or Name <name@domain>") },
};

static const struct sieve_case refused[] = {
	{ "no require", "notify \"mailto:a@b.org\";",
		"1:1 \"notify\" expected require \"enotify\" at the top" },
	{ "wrong URI", "require \"enotify\"; notify \"mailto:a\";",
		"1:27 \"a\" in a mailto URI is no address, expected name@domain" },
	{ "importance", "require \"enotify\"; notify :importance \"4\" \"mailto:a@b.org\";",
		"1:39 expected \"1\", \"2\" or \"3\" behind \":importance\"" },
	{ "importance is a string", "require \"enotify\"; notify :importance 1 \"mailto:a@b.org\";",
		"1:27 expected a string behind \":importance\"" },
	{ "option", "require \"enotify\"; notify :options \"-a=b\" \"mailto:a@b.org\";",
		"1:36 an option expected NAME=VALUE" },
	{ ":from", "require \"enotify\"; notify :from \"x\" \"mailto:a@b.org\";",
		"1:33 \"x\" is no author, expected name@domain or Name <name@domain>" },
	{ ":create alone", "require [\"enotify\",\"mailbox\"]; notify :create \"mailto:a@b.org\";",
		"1:32 \":create\" expected \":fcc\" beside it" },
	{ ":encodeurl without enotify", "require \"variables\"; set :encodeurl \"a\" \"b\";",
		"1:26 \":encodeurl\" expected require \"enotify\" at the top" },
};

/* True means keep, false discard. */
static const struct sieve_case tests[] = {
	{ "example 4", "valid_notify_method [\"mailto:\", \"http://gw.example.net/notify?test\"]",
		"discard;" },
	{ "valid", "valid_notify_method [\"mailto:\", \"mailto:a@b.org?subject=x\"]", "keep;" },
	{ "wrong URI", "valid_notify_method \"mailto:a\"", "discard;" },
	{ "online", "notify_method_capability \"mailto:a@b.org\" \"Online\" \"maybe\"", "keep;" },
	{ "not yes", "notify_method_capability \"mailto:a@b.org\" \"online\" [\"yes\",\"no\"]",
		"discard;" },
	{ "fcc", "notify_method_capability \"mailto:\" \"fcc\" \"yes\"", "keep;" },
	{ "fcc of another", "notify_method_capability \"xmpp:\" \"fcc\" \"yes\"", "discard;" },
	{ "example 5", "notify_method_capability \"xmpp:tim@example.com?message;subject=SIEVE\" "
		"\"Online\" \"yes\"", "discard;" },
	{ "unknown capability", "notify_method_capability :contains \"mailto:a@b.org\" \"x\" \"\"",
		"discard;" },
	{ "wrong URI is no error", "notify_method_capability :contains \"mailto:a\" \"online\" "
		"\"\"", "discard;" },
	{ "count", "notify_method_capability :count \"eq\" \"mailto:a@b.org\" \"online\" \"1\"",
		"keep;" },
	{ ":matches", "notify_method_capability :matches \"mailto:a@b.org\" \"online\" \"m*\"",
		"keep;" },
};

/* What the text of a notification has. */
static const struct {
	const char *label;
	const char *command;
	const char *has;
} texts[] = {
	{ "fields", "notify \"mailto:alm@example.com\"",
		"Auto-Submitted: auto-notified; owner-email=\"me@x.org\"\nFrom: me@x.org\n"
		"To: alm@example.com\nSubject: Your dog\nDate: Thu, 1 Jan 2026 00:00:00 +0000\n"
		"Message-ID: <" },
	{ "domain and reference", "notify \"mailto:alm@example.com\"",
		".mailrail@x.org>\nReferences: <1@example.org>\nMIME-Version" },
	{ "default body", "notify \"mailto:alm@example.com\"",
		"\n\nNew mail:\n\nFrom: Boss <boss@example.org>\nTo: me@x.org, "
		"sievemailinglist@example.org\nSubject: Your dog\nDate: Mon, 2 Feb 2026 10:00:00 "
		"+0000\n" },
	{ ":message", "notify :message \"[SIEVE] x\" \"mailto:alm@example.com?subject=y\"",
		"\nSubject: [SIEVE] x\n" },
	{ "subject", "notify \"mailto:alm@example.com?subject=y%20z\"", "\nSubject: y z\n" },
	{ "body", "notify \"mailto:alm@example.com?body=a%0D%0Ab\"", "\n\na\nb\n" },
	{ "body in UTF-8", "notify \"mailto:alm@example.com?body=caf%C3%A9\"",
		"Content-Transfer-Encoding: quoted-printable\n\ncaf=C3=A9\n" },
	{ "high", "notify :importance \"1\" \"mailto:alm@example.com\"",
		"X-Priority: 1 (Highest)\nImportance: high\n" },
	{ "low", "notify :importance \"3\" \"mailto:alm@example.com\"", "Importance: low\n" },
	{ "cc and another field", "notify \"mailto:a@b.org,c@d.org?cc=e@f.org&keywords=x\"",
		"To: a@b.org,\n c@d.org\nCc: e@f.org\nSubject" },
	{ "another field", "notify \"mailto:a@b.org?keywords=caf%C3%A9\"",
		"Keywords: =?UTF-8?Q?caf=C3=A9?=\n" },
	{ ":from and its owner", "notify :from \"Me <mee@x.org>\" \"mailto:a@b.org\"",
		"owner-email=\"me@x.org\"\nFrom: Me <mee@x.org>\n" },
	{ "line end in :message", "notify :message \"a\nBcc: v@v.org\" \"mailto:a@b.org\"",
		"\nSubject: a Bcc: v@v.org\n" },
	{ "example 6", "set :encodeurl \"p\" \"Safe body&evil=evilbody\"; notify "
		"\"mailto:tim@example.com?body=${p}\"", "\n\nSafe body&evil=evilbody\n" },
};

static void run_script(const char *label, const char *script, const char *from, const char *own,
	const char *text, struct reply_got *got)
{
	AUTO_RULESET set = { 0 };

	sieve_case_add(&set, "r.sieve", slice_text(script));
	if (set.scripts[0]->problems.count > 0)
		fail_msg("%s: %s", label, set.scripts[0]->problems.at[0].text);
	reply_case_run(&set, from, own, slice_text(text), got);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(rows); i++) {
		AUTO_GOT got = { 0 };

		run_script(rows[i].label, rows[i].script, "a@b.org", "me@x.org", message, &got);
		if (strcmp(buf_text(&got.line), rows[i].actions) != 0)
			fail_msg("%s: got <%s>, expected <%s>", rows[i].label,
				buf_text(&got.line), rows[i].actions);
	}
}

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(refused, SIEVE_COUNT(refused));
}

static void test_tests(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(tests); i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, NEEDS "if %s { keep; } else { discard; }", tests[i].script);
		sieve_case_check(&tests[i], script.ptr);
	}
}

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(texts); i++) {
		AUTO_BUF script = { 0 };
		AUTO_GOT got = { 0 };

		buf_addf(&script, NEEDS "%s;", texts[i].command);
		run_script(texts[i].label, script.ptr, "a@b.org", "me@x.org", message, &got);
		if (!strstr(buf_text(&got.text), texts[i].has))
			fail_msg("%s: got <%s>%s, expected <%s>", texts[i].label,
				buf_text(&got.text), buf_text(&got.line), texts[i].has);
	}
}

/* RFC 5436 section 2.7: loops, and the envelope. */
static void check_envelope(const char *from, const char *own, const char *fields,
	const char *line)
{
	AUTO_BUF text = { 0 };
	AUTO_GOT got = { 0 };

	buf_addf(&text, "%s%s", fields, message);
	run_script(fields, NEEDS "notify \"mailto:alm@example.com\";", from, own, text.ptr, &got);
	assert_string_equal(got.line.ptr, line);
}

/* The loop guard is that of the message as it came. */
static void test_enclosed(void **state)
{
	AUTO_BUF text = { 0 };
	AUTO_GOT got = { 0 };

	(void)state;
	buf_addf(&text, "Auto-Submitted: auto-notified\n%s", message);
	run_script("enclosed", NEEDS "require \"enclose\"; enclose \"x\"; notify "
		"\"mailto:alm@example.com\";", "a@b.org", "me@x.org", text.ptr, &got);
	assert_non_null(strstr(got.line.ptr, "(no notification: it was submitted by a machine"));
}

static void test_envelope(void **state)
{
	(void)state;
	check_envelope("", "me@x.org", "", "notify alm@example.com;keep;");
	check_envelope(NULL, "me@x.org", "", "notify alm@example.com;keep;");
	check_envelope(NULL, "me@x.org", "Return-Path: <a@b.org>\n", TOLD "keep;");
	check_envelope("a@b.org", "me@x.org", "Auto-Submitted: auto-notified; x=y\n",
		"(no notification: it was submitted by a machine (Auto-Submitted))keep;");
	check_envelope("a@b.org", "me@x.org", "Auto-Submitted: No\n", TOLD "keep;");
	check_envelope("a@b.org", "me@x.org", "List-Id: <x.y>\nPrecedence: list\n", TOLD "keep;");
	check_envelope("a@b.org", NULL, "", FAILS("nobody is known to send a notification, "
		"expected :from or the setting filter.addresses"));
}

/* The copy is filed once, however many are told. */
static void test_fcc(void **state)
{
	AUTO_GOT got = { 0 };

	(void)state;
	run_script("fcc", NEEDS "notify :fcc \"Sent\" :create :flags \"\\\\Seen\" "
		"\"mailto:a@b.org,c@d.org\";", "a@b.org", "me@x.org", message, &got);
	assert_true(slice_starts(buf_slice(&got.actions), "notify :create :flags \"\\\\Seen\" :from "
		"\"me@x.org\" :fcc \"Sent\" \"a@b.org\" \""));
	assert_non_null(strstr(got.actions.ptr, "notify :from \"me@x.org\" \"c@d.org\" \""));
}

static void test_encodeurl(void **state)
{
	struct sieve_case row = { "encodeurl", NULL, "fileinto \"a%2F%C3%BC~-._%0A\";" };
	struct sieve_case length = { "before length", NULL, "fileinto \"3\";" };

	(void)state;
	sieve_case_check(&row, NEEDS "set :encodeurl \"a\" \"a/\xc3\xbc~-._\n\"; fileinto \"${a}\";");
	sieve_case_check(&length, NEEDS "set :length :encodeurl \"a\" \"/\"; fileinto \"${a}\";");
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_tests),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_envelope),
		cmocka_unit_test(test_enclosed),
		cmocka_unit_test(test_fcc),
		cmocka_unit_test(test_encodeurl),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(all, NULL, NULL);
}
