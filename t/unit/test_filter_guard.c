/*
 * When vacation does not reply: RFC 3834 section 2, RFC 5230 sections 4.5 and 4.6.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/reply_case.h"

#define REPLY "vacation a@b.org 604800;keep;"
#define NOT(why) "(no reply: " why ")keep;"
#define LIST(name) NOT("it comes from a list (" name ")")
#define UNWANTED(what) NOT("it does not want a reply (" what ")")
#define MACHINE NOT("it was submitted by a machine (Auto-Submitted)")
#define DAEMON NOT("its envelope sender is a machine")
#define NOBODY NOT("its envelope sender is no address")
#define STRANGER NOT("none of your addresses is among its recipients (To, Cc, Bcc)")

/* The message is "To: me@x.org", with these fields before it. */
static const struct {
	const char *label;
	const char *from;
	const char *fields;
	const char *line;
} rows[] = {
	{ "a person", "a@b.org", "", REPLY },
	{ "by Return-Path", NULL, "Return-Path: <a@b.org>\n", REPLY },
	{ "the topmost Return-Path", NULL, "Return-Path: <a@b.org>\nReturn-Path: <c@d.org>\n",
		REPLY },
	/* the sender */
	{ "null sender", "", "", NOT("its envelope sender is the null sender") },
	{ "null sender in brackets", "<>", "", NOT("its envelope sender is the null sender") },
	{ "null Return-Path", NULL, "Return-Path: <>\n",
		NOT("its envelope sender is the null sender") },
	{ "nobody knows", NULL, "From: a@b.org\n",
		NOT("its envelope sender is not known (no Return-Path)") },
	{ "From and Reply-To do not count", "a@b.org", "From: c@d.org\nReply-To: e@f.org\n",
		REPLY },
	{ "no domain", "a", "", NOBODY },
	{ "two addresses", "a@b.org, c@d.org", "", NOBODY },
	{ "line end in it", "a@b.org\nBcc: x@y.org", "", NOBODY },
	{ "the user", "me@x.org", "", NOT("its envelope sender is one of your addresses") },
	{ "the user in capitals", "ME@X.ORG", "",
		NOT("its envelope sender is one of your addresses") },
	{ "MAILER-DAEMON", "MAILER-DAEMON@b.org", "", DAEMON },
	{ "listserv", "LISTSERV@b.org", "", DAEMON },
	{ "majordomo", "majordomo@b.org", "", DAEMON },
	{ "owner-", "owner-foo@b.org", "", DAEMON },
	{ "-request", "foo-REQUEST@b.org", "", DAEMON },
	{ "VERP", "foo-bounces+me=x.org@b.org", "", DAEMON },
	{ "noreply", "noreply@b.org", "", DAEMON },
	{ "noreply-123", "no-reply-123@b.org", "", DAEMON },
	{ "shop-noreply", "shop-noreply@b.org", "", DAEMON },
	{ "postmaster is a person", "postmaster@b.org", "", "vacation postmaster@b.org 604800;"
		"keep;" },
	{ "only in the local part", "a@owner-noreply.org", "",
		"vacation a@owner-noreply.org 604800;keep;" },
	/* the message */
	{ "List-Id", "a@b.org", "List-Id: <x.y>\n", LIST("List-Id") },
	{ "List-Help", "a@b.org", "LIST-HELP: x\n", LIST("List-Help") },
	{ "List-Subscribe", "a@b.org", "List-Subscribe: x\n", LIST("List-Subscribe") },
	{ "List-Unsubscribe", "a@b.org", "List-Unsubscribe: x\n", LIST("List-Unsubscribe") },
	{ "List-Post", "a@b.org", "List-Post: x\n", LIST("List-Post") },
	{ "List-Owner", "a@b.org", "List-Owner: x\n", LIST("List-Owner") },
	{ "List-Archive", "a@b.org", "List-Archive: x\n", LIST("List-Archive") },
	{ "Auto-Submitted: no", "a@b.org", "Auto-Submitted: no\n", REPLY },
	{ "No, with a comment", "a@b.org", "Auto-Submitted: (hm) No ; x=y\n", REPLY },
	{ "auto-replied", "a@b.org", "Auto-Submitted: auto-replied (vacation)\n", MACHINE },
	{ "auto-generated", "a@b.org", "Auto-Submitted: auto-generated\n", MACHINE },
	{ "auto-notified", "a@b.org", "Auto-Submitted: auto-notified; owner-email=\"x@y\"\n",
		MACHINE },
	{ "empty", "a@b.org", "Auto-Submitted:\n", MACHINE },
	{ "the second says so", "a@b.org", "Auto-Submitted: no\nAuto-Submitted: x\n", MACHINE },
	{ "Precedence: list", "a@b.org", "Precedence: LIST\n", UNWANTED("Precedence: list") },
	{ "Precedence: bulk", "a@b.org", "Precedence: bulk\n", UNWANTED("Precedence: bulk") },
	{ "Precedence: junk", "a@b.org", "Precedence: junk\n", UNWANTED("Precedence: junk") },
	{ "Precedence: first-class", "a@b.org", "Precedence: first-class\n", REPLY },
	{ "Exchange, all", "a@b.org", "X-Auto-Response-Suppress: All\n",
		UNWANTED("X-Auto-Response-Suppress: all") },
	{ "Exchange, OOF", "a@b.org", "X-Auto-Response-Suppress: DR, OOF\n",
		UNWANTED("X-Auto-Response-Suppress: oof") },
	{ "Exchange, another", "a@b.org", "X-Auto-Response-Suppress: DR, RN\n", REPLY },
	{ "spam", "a@b.org", "X-Spam-Flag: YES\n", UNWANTED("X-Spam-Flag: yes") },
	{ "no spam", "a@b.org", "X-Spam-Flag: NO\n", REPLY },
	{ "report", "a@b.org", "Content-Type: multipart/report; report-type=x; boundary=y\n",
		UNWANTED("Content-Type: multipart/report") },
};

/* Who it is sent to; the user is me@x.org by the setting, and you@y.org by :addresses. */
static const struct {
	const char *label;
	const char *fields;
	bool replies;
} recipients[] = {
	{ "To", "To: me@x.org\n", true },
	{ "among others", "To: a@x.org, Me <ME@X.org>, b@x.org\n", true },
	{ "second To", "To: a@x.org\nTo: me@x.org\n", true },
	{ "Cc", "Cc: me@x.org\n", true },
	{ "Bcc", "Bcc: me@x.org\n", true },
	{ "Resent-To", "To: a@x.org\nResent-To: me@x.org\n", true },
	{ "Resent-Cc", "Resent-Cc: me@x.org\n", true },
	{ "Resent-Bcc", "Resent-Bcc: me@x.org\n", true },
	{ ":addresses", "To: you@y.org\n", true },
	{ "in a group", "To: friends: me@x.org, a@x.org;\n", true },
	{ "nobody", "Subject: x\n", false },
	{ "another", "To: mee@x.org\n", false },
	{ "as a name only", "To: \"me@x.org\" <a@x.org>\n", false },
	{ "Reply-To is none", "Reply-To: me@x.org\n", false },
	{ "Delivered-To is none", "Delivered-To: me@x.org\n", false },
	{ "undisclosed", "To: undisclosed-recipients:;\n", false },
};

static void check(const char *label, const char *script, const char *from, const char *own,
	const char *message, const char *line)
{
	AUTO_RULESET set = { 0 };
	AUTO_GOT got = { 0 };

	sieve_case_add(&set, "r.sieve", slice_text(script));
	if (set.scripts[0]->problems.count > 0)
		fail_msg("%s: %s", label, set.scripts[0]->problems.at[0].text);
	reply_case_run(&set, from, own, slice_text(message), &got);
	if (strcmp(buf_text(&got.line), line) != 0)
		fail_msg("%s: got <%s>, expected <%s>", label, buf_text(&got.line), line);
}

static void test_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF message = { 0 };

		buf_addf(&message, "%sTo: me@x.org\n\nhello\n", rows[i].fields);
		check(rows[i].label, "require \"vacation\"; vacation \"gone\";", rows[i].from,
			"me@x.org", message.ptr, rows[i].line);
	}
}

static void test_recipients(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(recipients) / sizeof(recipients[0]); i++) {
		AUTO_BUF message = { 0 };

		buf_addf(&message, "%s\nhello\n", recipients[i].fields);
		check(recipients[i].label,
			"require \"vacation\"; vacation :addresses [\"you@y.org\", \"rubbish\"] \"gone\";",
			"a@b.org", "me@x.org", message.ptr,
			recipients[i].replies ? REPLY : STRANGER);
	}
}

static void test_nobody_is_known(void **state)
{
	(void)state;
	check("no own address", "require \"vacation\"; vacation \"gone\";", "a@b.org", NULL,
		"To: me@x.org\n\n",
		NOT("none of your addresses is known (filter.addresses, :addresses)"));
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_nobody_is_known),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
