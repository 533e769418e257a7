/*
 * The command lines that real callers give (and some that nobody should).
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "common/base/words.h"
#include "relay/sendmail_options.h"

struct row {
	const char *label;
	const char *line; /* without the program's name */
	int kind;         /* of the fault; 0 none */
	enum sendmail_mode mode;
	bool header, dots;
	const char *sender, *name, *recipients;
};

#define SUBMIT 0, SENDMAIL_SUBMIT

static const struct row rows[] = {
	{ "nothing", "x", SUBMIT, false, false, NULL, NULL, "x" },
	{ "Debian cron", "-FCronDaemon -i -B8BITMIME -oem root", SUBMIT, false, true, NULL,
		"CronDaemon", "root" },
	{ "cronie", "-FCronDaemon -i -odi -oem -oi -t -f alice", SUBMIT, true, true, "alice",
		"CronDaemon", "" },
	{ "systemd-cron", "-i -B8BITMIME mailto", SUBMIT, false, true, NULL, NULL, "mailto" },
	{ "atd", "alice", SUBMIT, false, false, NULL, NULL, "alice" },
	{ "FreeBSD atrun", "-F 'Atrun Service' -odi -oem alice", SUBMIT, false, false, NULL,
		"Atrun Service", "alice" },
	{ "mdadm, logwatch", "-t", SUBMIT, true, false, NULL, NULL, "" },
	{ "apt-listchanges", "-oi -t", SUBMIT, true, true, NULL, NULL, "" },
	{ "PHP", "-t -i -fwww@example.org", SUBMIT, true, true, "www@example.org", NULL, "" },
	{ "git send-email", "-f a@b -i c@d e@f", SUBMIT, false, true, "a@b", NULL, "c@d e@f" },
	{ "mutt", "-oem -oi -f a@b -B 8BITMIME -N failure -R hdrs -- c@d e@f", SUBMIT, false,
		true, "a@b", NULL, "c@d e@f" },
	{ "mailutils", "-f alice@h -oi -t", SUBMIT, true, true, "alice@h", NULL, "" },
	{ "mailx", "-i -m -v -r a@b c@d", SUBMIT, false, true, "a@b", NULL, "c@d" },
	{ "fail2ban", "-f SENDER DEST", SUBMIT, false, false, "SENDER", NULL, "DEST" },
	{ "letters joined", "-ti", SUBMIT, true, true, NULL, NULL, "" },
	{ "letters joined with argument", "-tif a@b", SUBMIT, true, true, "a@b", NULL, "" },
	{ "null sender", "-f '' x", SUBMIT, false, false, "", NULL, "x" },
	{ "null sender in angles", "-f '<>' x", SUBMIT, false, false, "<>", NULL, "x" },
	{ "argument that looks like an option", "-f -t x", SUBMIT, false, false, "-t", NULL, "x" },
	{ "traffic log is ignored", "-X /tmp/x.php -t", SUBMIT, true, false, NULL, NULL, "" },
	{ "queue directory of PHP attacks", "-OQueueDirectory=/tmp -X/var/www/x.php x", SUBMIT,
		false, false, NULL, NULL, "x" },
	{ "many that change nothing",
		"-Am -Lmail -n -U -G -E -m -h 5 -p smtp:x -V id -om -oMrx -d0.1 -em x", SUBMIT,
		false, false, NULL, NULL, "x" },
	{ "mailq", "-bp", 0, SENDMAIL_QUEUE, false, false, NULL, NULL, "" },
	{ "newaliases", "-bi", 0, SENDMAIL_ALIASES, false, false, NULL, NULL, "" },
	{ "newaliases by -I", "-I", 0, SENDMAIL_ALIASES, false, false, NULL, NULL, "" },
	{ "submission by name", "-bm x", SUBMIT, false, false, NULL, NULL, "x" },
	{ "run", "-q", 0, SENDMAIL_RUN, false, false, NULL, NULL, "" },
	{ "run for a site", "-qRexample.org", 0, SENDMAIL_RUN, false, false, NULL, NULL, "" },
	{ "behind --", "-i -- -x", SUBMIT, false, true, NULL, NULL, "-x" },
	{ "SMTP", "-bs", 64, 0, false, false, NULL, NULL, NULL },
	{ "daemon", "-bd", 64, 0, false, false, NULL, NULL, NULL },
	{ "daemon with interval", "-bd -q15m", 64, 0, false, false, NULL, NULL, NULL },
	{ "interval", "-q15m", 64, 0, false, false, NULL, NULL, NULL },
	{ "verify", "-bv x", 64, 0, false, false, NULL, NULL, NULL },
	{ "unknown mode", "-bz", 64, 0, false, false, NULL, NULL, NULL },
	{ "foreign configuration", "-C/etc/shadow x", 64, 0, false, false, NULL, NULL, NULL },
	{ "unknown letter", "-Z x", 64, 0, false, false, NULL, NULL, NULL },
	{ "long option", "--recipient=x", 64, 0, false, false, NULL, NULL, NULL },
	{ "missing argument", "-i -f", 64, 0, false, false, NULL, NULL, NULL },
	{ "option behind a recipient", "x -f y", 64, 0, false, false, NULL, NULL, NULL },
};

static void check_text(const char *got, const char *want)
{
	if (want)
		assert_string_equal(got ? got : "(none)", want);
	else
		assert_null(got);
}

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		AUTO_STRINGS words = { 0 };
		AUTO_BUF line = { 0 };
		AUTO_BUF recipients = { 0 };
		struct sendmail_options o;
		struct fault why = { 0 };
		int got;

		print_message("# %s\n", row->label);
		buf_addf(&line, "sendmail %s", row->line);
		assert_int_equal(words_split(buf_text(&line), &words, NULL), 0);
		got = sendmail_options_read((int)words.count, words.at, &o, &why);
		assert_int_equal(got, row->kind ? -1 : 0);
		assert_int_equal(got < 0 ? (int)why.kind : 0, row->kind);
		if (got < 0)
			continue;
		assert_int_equal(o.mode, row->mode);
		assert_int_equal(o.from_header, row->header);
		assert_int_equal(o.ignore_dots, row->dots);
		check_text(o.sender, row->sender);
		check_text(o.name, row->name);
		for (int r = 0; r < o.count; r++)
			buf_addf(&recipients, "%s%s", r ? " " : "", o.recipients[r]);
		assert_string_equal(buf_text(&recipients), row->recipients);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reads) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
