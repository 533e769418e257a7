/*
 * Accounts of the configuration: see account.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/account.h"

#include <ctype.h>

#include "common/net/secret.h"
#include "fetch/imap/pick.h"

static const struct setting rows[] = {
	SETTING_CHOOSE(account, protocol, "protocol", "imap|pop3", "imap",
		"what the server speaks"),
	SERVER_SETTINGS(account, server),
	SETTING(account, folders, "folders", LIST, "INBOX", "IMAP folders: names or patterns"),
	SETTING(account, subscribed, "subscribed", BOOL, "false", "IMAP: only such folders"),
	SETTING(account, server.compress, "compress", BOOL, "false",
		"IMAP: let server and client compress what they send"),
	CHOICE_SETTINGS(account, choice),
	SETTING(account, prefilter, "prefilter", BOOL, "false",
		"ask the rules by the header, and do not fetch what they discard"),
	SETTING(account, keep, "keep", BOOL, "false", "leave messages on the server"),
	AFTERWARDS_SETTINGS(account, after),
	SETTING(account, flags, "flags", BOOL, "true", "IMAP: flags come with the message"),
	SETTING(account, labels, "labels", BOOL, "false", "Gmail: labels come as flags"),
	SETTING(account, rate, "rate", BYTES, "0", "bytes per second at most"),
	SETTING(account, grace, "grace", TIME, "30m", "trouble that is over by then is not told"),
	SETTING_RANGE(account, connections, "connections", 1, 20, "3",
		"sessions at once, to wait for news in several folders"),
	SETTING(account, poll, "poll", TIME, "15m", "look for news at least so often"),
	SETTING(account, idle, "idle", TIME, "9m", "a wait for news is renewed after so long"),
	MULTIDROP_SETTINGS(account, multidrop),
	TRACE_SETTINGS(account, trace),
	SETTING_END,
};

bool account_is_verb(const char *word)
{
	static const char *const verbs[] = { "check", "folders", "import", "login", "mark",
		"setup", "state", "status", "watch" };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(word, verbs[i]) == 0)
			return true;
	}
	return false;
}

void account_free(struct account *a)
{
	settings_free(rows, a);
	free(a->name);
	free(a->where);
	free(a->place);
}

bool account_same(const struct account *a, const struct account *b)
{
	return strcmp(a->name, b->name) == 0 && settings_same(rows, a, b);
}

void accounts_free(struct accounts *a)
{
	for (size_t i = 0; i < a->count; i++)
		account_free(&a->at[i]);
	free(a->at);
	*a = (struct accounts){ 0 };
}

static void put_escaped(struct buf *out, const char *text, bool lower)
{
	for (; *text; text++) {
		if (*text == '/' || *text == '%')
			buf_addf(out, "%%%02X", (unsigned)*text);
		else
			buf_add_byte(out, lower ? (char)tolower((unsigned char)*text) : *text);
	}
}

static char *place_of(const struct account *a)
{
	enum wire_protocol wire = a->protocol == ACCOUNT_IMAP ? WIRE_IMAP : WIRE_POP3;
	AUTO_BUF out = { 0 };

	buf_add_text(&out, a->protocol == ACCOUNT_IMAP ? "imap/" : "pop3/");
	put_escaped(&out, a->server.host, true);
	if (a->server.port &&
		a->server.port != wire_default_port(wire, (enum wire_tls)a->server.tls))
		buf_addf(&out, ":%ld", a->server.port);
	buf_add_byte(&out, '/');
	put_escaped(&out, a->server.user ? a->server.user : "", false);
	buf_add_byte(&out, '/');
	return buf_give(&out);
}

static int check_folders(const struct config *config, struct account *a, struct fault *why)
{
	bool set = config_sets(config, "account", a->name, "folders");

	if (a->protocol == ACCOUNT_POP3 && (set || a->subscribed))
		return fault_set(why, FAULT_CONFIG,
			"%s: account %s: POP3 has no folders: remove \"%s\"", a->where, a->name,
			set ? "folders" : "subscribed");
	if (a->protocol == ACCOUNT_POP3 && a->server.compress)
		return fault_set(why, FAULT_CONFIG,
			"%s: account %s: POP3 has no compression: remove \"compress\"", a->where,
			a->name);
	if (a->subscribed && !set) {
		strings_clear(&a->folders);
		strings_add(&a->folders, SLICE("*"));
	}
	for (size_t i = 0; i < a->folders.count; i++) {
		if (!pick_is_valid(a->folders.at[i]))
			return fault_set(why, FAULT_CONFIG,
				"%s: account %s: folders: \"%s\" can be no folder", a->where,
				a->name, a->folders.at[i]);
	}
	if (a->folders.count == 0)
		return fault_set(why, FAULT_CONFIG, "%s: account %s: folders is empty", a->where,
			a->name);
	return 0;
}

/* What waits for its day is kept until then. */
static int check_after(const struct config *config, struct account *a, struct fault *why)
{
	if (afterwards_check(&a->after, config, a->name, a->protocol == ACCOUNT_IMAP, &a->folders,
		    why) < 0)
		return -1;
	if (a->after.delete_after && !a->keep && config_sets(config, "account", a->name, "keep"))
		return fault_set(why, FAULT_CONFIG,
			"delete-after keeps messages: remove \"keep = false\"");
	a->keep |= a->after.delete_after > 0;
	return 0;
}

static int account_read(const struct config *config, const char *name, struct account *out,
	struct fault *why)
{
	AUTO_BUF where = { 0 };

	if (settings_read(config, "account", name, rows, sizeof(*out), out, why) < 0)
		return -1;
	config_place(config, "account", name, &where);
	out->name = mem_text(name);
	out->where = buf_give(&where);
	out->server.place = out->where;
	out->server.account = out->server.name = out->name;
	if (secret_check(&out->server, why) < 0)
		return -1;
	out->place = place_of(out);
	if (multidrop_check(&out->multidrop, why) < 0 || trace_check(&out->trace, why) < 0)
		return fault_prefix(why, "%s: account %s", out->where, name);
	if (out->poll < 1000 || out->idle < 1000)
		return fault_set(why, FAULT_CONFIG,
			"%s: account %s: poll and idle are a second at least", out->where, name);
	if (check_folders(config, out, why) < 0)
		return -1;
	if (check_after(config, out, why) < 0 ||
		choice_check(&out->choice, out->protocol == ACCOUNT_IMAP, why) < 0)
		return fault_prefix(why, "%s: account %s", out->where, name);
	return 0;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/*
 * Behind a tunnel or socket `host` is but a name, and "localhost" is what comes to mind: two
 * mailboxes of this name and user would be one to the ledger.
 */
static int check_place(const struct config *config, const struct strings *all,
	const struct account *a, struct fault *why)
{
	const struct way *way = &a->server.way;

	for (size_t i = 0; i < all->count && (way->tunnel || way->unix_socket); i++) {
		struct account other = { 0 };
		bool clash = false;

		/* What is wrong with the other one is not this one's matter. */
		if (settings_read(config, "account", all->at[i], rows, sizeof(other), &other,
			NULL) == 0) {
			other.place = place_of(&other);
			clash = strcmp(other.place, a->place) == 0 &&
				!(same_text(other.server.way.tunnel, way->tunnel) &&
					same_text(other.server.way.unix_socket, way->unix_socket));
		}
		account_free(&other);
		if (clash)
			return fault_set(why, FAULT_CONFIG, "%s: account %s: it has the host and "
				"user of account %s, but another %s: their messages could not be "
				"told apart (name another host; with TLS, set tls-name)",
				a->where, a->name, all->at[i],
				way->tunnel ? "tunnel" : "unix-socket");
	}
	return 0;
}

static int check_names(const struct config *config, const struct strings *all,
	const struct strings *wanted, struct fault *why)
{
	AUTO_BUF where = { 0 };

	for (size_t i = 0; i < all->count; i++) {
		if (!account_is_verb(all->at[i]))
			continue;
		config_place(config, "account", all->at[i], &where);
		return fault_set(why, FAULT_CONFIG,
			"%s: an account cannot be called \"%s\": the word is kept for a verb",
			buf_text(&where), all->at[i]);
	}
	for (size_t i = 0; i < wanted->count; i++) {
		if (strings_has(all, wanted->at[i]))
			continue;
		return fault_set(why, FAULT_CONFIG, "%s: there is no account \"%s\"",
			config_path(config) ? config_path(config) : "configuration", wanted->at[i]);
	}
	if (all->count == 0)
		return fault_set(why, FAULT_CONFIG, "%s: no account is configured",
			config_path(config) ? config_path(config) : "no configuration file");
	return 0;
}

int accounts_read(const struct config *config, const struct strings *names,
	struct accounts *out, struct fault *why)
{
	AUTO_STRINGS all = { 0 };
	const struct strings *wanted = names->count ? names : &all;

	if (config_names(config, "account", &all, why) < 0 ||
		check_names(config, &all, wanted, why) < 0)
		return -1;
	out->named = names->count > 0;
	out->at = mem_zero(wanted->count, sizeof(*out->at));
	for (size_t i = 0; i < wanted->count; i++) {
		bool twice = false;

		for (size_t k = 0; k < i && !twice; k++)
			twice = strcmp(wanted->at[i], wanted->at[k]) == 0;
		if (twice)
			continue;
		out->count++;
		if (account_read(config, wanted->at[i], &out->at[out->count - 1], why) < 0 ||
			check_place(config, &all, &out->at[out->count - 1], why) < 0)
			return -1;
	}
	return 0;
}
