/*
 * Section `filter` of the configuration: see settings.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/settings.h"

#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/mail/programs.h"

const struct setting filter_setting_rows[] = {
	SETTING(filter_settings, rules, "rules", PATH, "rules.d",
		"Folder of rule files (*.sieve), run in the order of their names, or one file."),
	SETTING(filter_settings, include_dir, "include-dir", PATH, "include",
		"Folder of the scripts that rules include (RFC 6609), NAME.sieve for \"NAME\"."),
	SETTING(filter_settings, global_include_dir, "global-include-dir", PATH, NULL,
		"The same for include :global: scripts for all users of the machine."),
	SETTING_RANGE(filter_settings, limits.actions, "max-actions", 1, 1000, "32",
		"Folders and addresses that one message may go to; more is an error of the rule."),
	SETTING_RANGE(filter_settings, limits.redirects, "max-redirects", 0, 1000, "4",
		"Addresses among them that one message may be redirected to."),
	SETTING(filter_settings, lists, "lists", PATH, "lists",
		"Folder of the lists that rules name (RFC 6134), each a file."),
	SETTING_RANGE(filter_settings, limits.notifications, "max-notifications", 0, 30, "4",
		"People among them that one message may be told to."),
	SETTING(filter_settings, recipient_delimiter, "recipient-delimiter", TEXT, "+",
		"Characters any of which parts user and detail in a local part."),
	PROGRAMS_ROWS(filter_settings, programs),
	SETTING(filter_settings, duplicate_default, "duplicate-default", TIME, "7d",
		"How long the duplicate test remembers a message."),
	SETTING(filter_settings, duplicate_max, "duplicate-max", TIME, "365d",
		"What it remembers at most, whatever :seconds says."),
	SETTING(filter_settings, addresses, "addresses", LIST, NULL,
		"Your addresses: only mail to one of them is answered by vacation."),
	SETTING(filter_settings, vacation.least, "vacation-min", TIME, "0",
		"The least time between two vacation replies to one sender."),
	SETTING(filter_settings, vacation.most, "vacation-max", TIME, "365d",
		"The longest time between them that a rule can ask for."),
	SETTING(filter_settings, vacation.otherwise, "vacation-default", TIME, "7d",
		"The time between them where a rule names none."),
	SETTING(filter_settings, spam.header, "spam-header", TEXT, NULL,
		"Field in which a scanner for spam tells what it found: \"NAME: EXPRESSION\"."),
	SETTING_CHOOSE(filter_settings, spam.kind, "spam-kind", "score|strlen|text", "score",
		"What it tells: a number, a row of letters, a word."),
	SETTING(filter_settings, spam.max, "spam-max", TEXT, NULL,
		"The number, or the letters, from which on it is certain."),
	SETTING(filter_settings, spam.max_header, "spam-max-header", TEXT, NULL,
		"Where the scanner tells this number itself."),
	SETTING(filter_settings, spam.texts, "spam-text", LIST, NULL,
		"What its words come to: \"VALUE WORD\"."),
	SETTING(filter_settings, virus.header, "virus-header", TEXT, NULL,
		"Field in which a scanner for viruses tells what it found: \"NAME: EXPRESSION\"."),
	SETTING_CHOOSE(filter_settings, virus.kind, "virus-kind", "score|strlen|text", "score",
		"What it tells: a number, a row of letters, a word."),
	SETTING(filter_settings, virus.max, "virus-max", TEXT, NULL,
		"The number, or the letters, from which on it is certain."),
	SETTING(filter_settings, virus.max_header, "virus-max-header", TEXT, NULL,
		"Where the scanner tells this number itself."),
	SETTING(filter_settings, virus.texts, "virus-text", LIST, NULL,
		"What its words come to: \"VALUE WORD\"."),
	SETTING(filter_settings, host, "hostname", TEXT, NULL,
		"Full name of this machine, for the test environment; default: what it says."),
	SETTING(filter_settings, user, "username", TEXT, NULL,
		"Who gets the mail, for the test environment; default: who runs this."),
	SETTING(filter_settings, environment, "environment", LIST, NULL,
		"Items vnd.dovecot.config.NAME of the test environment: \"NAME=VALUE\"."),
	SETTING_END,
};

/* The environment is asked first: it costs nothing, and cron sets LOGNAME. */
static char *own_name(void)
{
	const char *name = getenv("LOGNAME");
	const struct passwd *self;

	if (!name || !name[0])
		name = getenv("USER");
	if (name && name[0])
		return mem_text(name);
	self = getpwuid(geteuid());
	return self ? mem_text(self->pw_name) : NULL;
}

int filter_settings_read(const struct config *config, struct filter_settings *out,
	struct fault *why)
{
	struct utsname machine;

	if (settings_read(config, "filter", NULL, filter_setting_rows, sizeof(*out), out, why) < 0)
		return -1;
	if (!out->host)
		out->host = mem_text(uname(&machine) == 0 ? machine.nodename : "localhost");
	if (!out->user)
		out->user = own_name();
	return 0;
}
