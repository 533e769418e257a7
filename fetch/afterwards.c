/*
 * What is done with a message once it is stored: see afterwards.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/afterwards.h"

#include <strings.h>

#include "fetch/imap/pick.h"

/* LIMIT: a keyword; Dovecot takes 50 bytes by default, Cyrus 100. */
enum { KEYWORD_MAX = 100 };

bool afterwards_is_flag(struct slice text)
{
	static const char *const system_flags[] = { "\\Answered", "\\Flagged", "\\Seen",
		"\\Draft" };

	if (text.len == 0 || text.len > KEYWORD_MAX)
		return false;
	if (text.ptr[0] == '\\') {
		for (size_t i = 0; i < sizeof(system_flags) / sizeof(system_flags[0]); i++) {
			if (slice_is_case(text, system_flags[i]))
				return true;
		}
		return false;
	}
	/* ATOM-CHAR: no "(", ")", "{", blank, control, "%", "*", quote, "\" or "]" */
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] <= ' ' || text.ptr[i] > '~' || strchr("(){%*\"\\]", text.ptr[i]))
			return false;
	}
	return true;
}

static int check_flags(const struct strings *flags, const char *name, struct fault *why)
{
	for (size_t i = 0; i < flags->count; i++) {
		if (afterwards_is_flag(slice_text(flags->at[i])))
			continue;
		return fault_set(why, FAULT_CONFIG,
			"\"%s\" in %s is no flag: those of IMAP are \\\\Seen, \\\\Answered, "
			"\\\\Flagged and \\\\Draft, others are one word without \\", flags->at[i],
			name);
	}
	return 0;
}

static int check_both(const struct afterwards *a, struct fault *why)
{
	for (size_t i = 0; i < a->clear_flags.count; i++) {
		struct slice flag = slice_text(a->clear_flags.at[i]);

		if (a->mark_read && slice_is_case(flag, "\\Seen"))
			return fault_set(why, FAULT_CONFIG, "clear-flags takes away what mark-read sets");
		for (size_t k = 0; k < a->set_flags.count; k++) {
			if (slice_is_case(flag, a->set_flags.at[k]))
				return fault_set(why, FAULT_CONFIG, "\"%s\" is in set-flags and in clear-flags",
					a->set_flags.at[k]);
		}
	}
	return 0;
}

static int check_move(const struct afterwards *a, const struct strings *folders,
	struct fault *why)
{
	if (!a->move_to)
		return 0;
	if (!pick_is_valid(a->move_to) || (!pick_is_name(a->move_to) && *a->move_to != '\\'))
		return fault_set(why, FAULT_CONFIG, "move-to is no name of a folder");
	for (size_t i = 0; i < folders->count; i++) {
		bool inbox = strcasecmp(folders->at[i], "INBOX") == 0;

		if (inbox ? strcasecmp(a->move_to, "INBOX") == 0 :
			    strcmp(folders->at[i], a->move_to) == 0)
			return fault_set(why, FAULT_CONFIG,
				"move-to is a folder that is fetched from: \"%s\"", a->move_to);
	}
	return 0;
}

static int check_protocol(const struct config *config, const char *name, struct fault *why)
{
	static const char *const of_imap[] = { "mark-read", "set-flags", "clear-flags", "move-to",
		"flags", "labels" };

	for (size_t i = 0; i < sizeof(of_imap) / sizeof(of_imap[0]); i++) {
		if (config_sets(config, "account", name, of_imap[i]))
			return fault_set(why, FAULT_CONFIG,
				"POP3 knows no flags and no folders: remove \"%s\"", of_imap[i]);
	}
	return 0;
}

int afterwards_check(const struct afterwards *a, const struct config *config, const char *name,
	bool imap, const struct strings *folders, struct fault *why)
{
	if (!imap && check_protocol(config, name, why) < 0)
		return -1;
	if (a->delete_after <= 0 && config_sets(config, "account", name, "delete-after"))
		return fault_set(why, FAULT_CONFIG,
			"delete-after is no time: without it and without keep, what is stored is "
			"deleted at once");
	if (a->delete_after && a->move_to)
		return fault_set(why, FAULT_CONFIG,
			"delete-after and move-to: what is moved does not wait");
	if (check_flags(&a->set_flags, "set-flags", why) < 0 ||
		check_flags(&a->clear_flags, "clear-flags", why) < 0 || check_both(a, why) < 0)
		return -1;
	return check_move(a, folders, why);
}
