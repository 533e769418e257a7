/*
 * Section `deliver`: see deliver_settings.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/deliver_settings.h"

const struct setting deliver_setting_rows[] = {
	SETTING(deliver_settings, inbox, "inbox", TEXT, "maildir:~/Mail",
		"where mail goes that no rule sends elsewhere"),
	SETTING(deliver_settings, folders, "folders", TEXT, NULL, "where folders lie"),
	SETTING(deliver_settings, lock_timeout, "lock-timeout", TIME, "60s",
		"how long to wait for the lock of an mbox"),
	SETTING(deliver_settings, ledger, "ledger", BOOL, "true",
		"write a row of the log for each plain message"),
	SETTING(deliver_settings, group_readable, "group-readable", BOOL, "false",
		"let the group read new files and directories"),
	SETTING(deliver_settings, reject_fetched, "reject-fetched", BOOL, "false",
		"tell senders of fetched mail that a rule rejects, too"),
	SETTING(deliver_settings, relay_program, "relay-program", PATH, NULL,
		"the program that takes redirected mail"),
	SETTING(deliver_settings, redirect_sender, "redirect-sender", TEXT, NULL,
		"envelope sender of redirected mail"),
	SETTING_END,
};

int deliver_settings_read(const struct config *config, struct deliver_settings *out,
	struct stores *stores, struct fault *why)
{
	AUTO_BUF place = { 0 };

	*stores = (struct stores){ 0 };
	if (settings_read(config, "deliver", NULL, deliver_setting_rows, sizeof(*out), out,
		    why) < 0)
		return -1;
	if (stores_read(out->inbox, out->folders, stores, why) == 0)
		return 0;
	config_place(config, "deliver", NULL, &place);
	return fault_prefix(why, "%s", buf_text(&place));
}

void deliver_settings_free(struct deliver_settings *s)
{
	settings_free(deliver_setting_rows, s);
}
