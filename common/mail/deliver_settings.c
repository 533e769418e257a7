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
		"the program that takes redirected mail, replies and reports"),
	SETTING(deliver_settings, redirect_sender, "redirect-sender", TEXT, NULL,
		"envelope sender of redirected mail"),
	SETTING(deliver_settings, special_use, "special-use", LIST, NULL,
		"folders by their special use: \"\\\\Junk Spam\""),
	SETTING_END,
};

bool special_use_valid(struct slice use)
{
	if (use.len < 2 || use.ptr[0] != '\\')
		return false;
	for (size_t i = 1; i < use.len; i++) {
		if (use.ptr[i] <= ' ' || use.ptr[i] > '~' || strchr("(){%*\"\\]", use.ptr[i]))
			return false;
	}
	return true;
}

const char *deliver_use_folder(const char *entry, struct slice use)
{
	struct slice folder = slice_text(entry);
	struct slice first;

	if (!slice_cut(&folder, ' ', &first) || !folder.ptr || !slice_equal_case(first, use))
		return NULL;
	return slice_trim(folder).ptr;
}

const char *deliver_special_use(const struct deliver_settings *s, const struct stores *stores,
	const char *use, const char *named)
{
	const char *chosen = NULL;

	for (size_t i = 0; i < s->special_use.count; i++) {
		const char *folder = deliver_use_folder(s->special_use.at[i], slice_text(use));

		if (!folder || !folder_exists(stores, slice_text(folder)))
			continue;
		if (strcmp(folder, named) == 0)
			return named;
		if (!chosen)
			chosen = folder;
	}
	return chosen ? chosen : named;
}

/* Each is a use and a folder: "\\Junk Spam". */
static int check_uses(const struct strings *uses, struct fault *why)
{
	for (size_t i = 0; i < uses->count; i++) {
		struct slice folder = slice_text(uses->at[i]);
		struct slice use;

		slice_cut(&folder, ' ', &use);
		if (!special_use_valid(use) || !folder.ptr || slice_trim(folder).len == 0)
			return fault_set(why, FAULT_CONFIG,
				"special-use \"%.80s\": expected a use and a folder, as in "
				"\"\\\\Junk Spam\"", uses->at[i]);
	}
	return 0;
}

int deliver_settings_read(const struct config *config, struct deliver_settings *out,
	struct stores *stores, struct fault *why)
{
	AUTO_BUF place = { 0 };

	*stores = (struct stores){ 0 };
	if (settings_read(config, "deliver", NULL, deliver_setting_rows, sizeof(*out), out,
		    why) < 0)
		return -1;
	if (check_uses(&out->special_use, why) == 0 &&
		stores_read(out->inbox, out->folders, stores, why) == 0)
		return 0;
	config_place(config, "deliver", NULL, &place);
	return fault_prefix(why, "%s", buf_text(&place));
}

void deliver_settings_free(struct deliver_settings *s)
{
	settings_free(deliver_setting_rows, s);
}
