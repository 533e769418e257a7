/*
 * Passwords and tokens: see secret.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/secret.h"

#include "common/base/paths.h"
#include "common/base/words.h"
#include "common/net/command.h"
#include "common/net/oauth/token.h"
#include "common/net/secret_own.h"

void secret_wipe(struct secret *s)
{
	if (s->text)
		explicit_bzero(s->text, strlen(s->text));
	free(s->text);
	*s = (struct secret){ 0 };
}

static int by_shell(const char *command, int cancel_fd, char **out, struct fault *why)
{
	char *const argv[] = COMMAND_SHELL(command);

	return secret_run(argv, cancel_fd, out, why);
}

static int get_token_command(const struct server *server, int cancel_fd, char **out,
	struct fault *why)
{
	return by_shell(server->token_command, cancel_fd, out, why);
}

static int get_password_command(const struct server *server, int cancel_fd, char **out,
	struct fault *why)
{
	return by_shell(server->password_command, cancel_fd, out, why);
}

static int get_password(const struct server *server, int cancel_fd, char **out,
	struct fault *why)
{
	(void)cancel_fd;
	(void)why;
	*out = mem_text(server->password);
	return 0;
}

static int get_credential(const struct server *server, int cancel_fd, char **out,
	struct fault *why)
{
	(void)cancel_fd;
	return secret_credential(server->credential, out, why);
}

/* Adds the attributes as words: from a list, or from one text with blanks. */
static int keyring_words(const struct server *server, struct strings *out, struct fault *why)
{
	const struct strings *list = &server->keyring;
	size_t before = out->count;

	if (list->count == 1 && words_split(list->at[0], out, why) < 0)
		return fault_set(why, FAULT_CONFIG, "has an open quote, or is empty");
	for (size_t i = 0; i < list->count && list->count > 1; i++)
		strings_add(out, slice_text(list->at[i]));
	if ((out->count - before) % 2 != 0)
		return fault_set(why, FAULT_CONFIG,
			"wants pairs of attribute and value, as in \"service mail user alice\"");
	return 0;
}

static int get_keyring(const struct server *server, int cancel_fd, char **out,
	struct fault *why)
{
	AUTO_STRINGS argv = { 0 };

	strings_add(&argv, SLICE("secret-tool"));
	strings_add(&argv, SLICE("lookup"));
	if (keyring_words(server, &argv, why) < 0)
		return -1;
	return secret_run(argv.at, cancel_fd, out, why);
}

static int get_netrc(const struct server *server, int cancel_fd, char **out, struct fault *why)
{
	const char *user = server->user ? server->user : "";
	int got = secret_netrc(server->netrc, server->host, user, out, why);

	(void)cancel_fd;
	if (got == 0)
		return fault_set(why, FAULT_CONFIG, "%s has no password for %s", server->netrc,
			user);
	return got < 0 ? -1 : 0;
}

static bool has_oauth(const struct server *s)
{
	return s->oauth.provider != OAUTH_NONE;
}

static bool has_token_command(const struct server *s)
{
	return s->token_command != NULL;
}

static bool has_password_command(const struct server *s)
{
	return s->password_command != NULL;
}

static bool has_password(const struct server *s)
{
	return s->password != NULL;
}

static bool has_credential(const struct server *s)
{
	return s->credential != NULL;
}

static bool has_keyring(const struct server *s)
{
	return s->keyring.count > 0;
}

static bool has_netrc(const struct server *s)
{
	return s->netrc != NULL;
}

/* The settings that say where a secret lies: one of them for each server. */
static const struct place {
	const char *setting;
	bool token;
	bool (*is_set)(const struct server *server);
	int (*get)(const struct server *server, int cancel_fd, char **out, struct fault *why);
} places[] = {
	{ "oauth", true, has_oauth, oauth_token },
	{ "token-command", true, has_token_command, get_token_command },
	{ "password-command", false, has_password_command, get_password_command },
	{ "password", false, has_password, get_password },
	{ "credential", false, has_credential, get_credential },
	{ "keyring", false, has_keyring, get_keyring },
	{ "netrc", false, has_netrc, get_netrc },
};

/* *out is the one that is set, NULL when none is. */
static int find_place(const struct server *server, const struct place **out, struct fault *why)
{
	*out = NULL;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!places[i].is_set(server))
			continue;
		if (*out)
			return fault_set(why, FAULT_CONFIG,
				"%s%s%s and %s are both set for %s: which is it?",
				server->place ? server->place : "", server->place ? ": " : "",
				(*out)->setting, places[i].setting, server->host);
		*out = &places[i];
	}
	return 0;
}

int secret_check(const struct server *server, struct fault *why)
{
	const struct place *place;
	AUTO_STRINGS words = { 0 };
	const char *name = server->credential;

	AUTO_OAUTH_CLIENT client = { 0 };

	if (find_place(server, &place, why) < 0)
		return -1;
	if (has_oauth(server) && oauth_client_make(server, &client, why) < 0)
		return -1;
	if (server->keyring.count > 0 && keyring_words(server, &words, why) < 0)
		return secret_prefix(server, "keyring", why);
	if (name && (!*name || *name == '.' || strchr(name, '/'))) {
		fault_set(why, FAULT_CONFIG, "\"%s\" is no name of a credential", name);
		return secret_prefix(server, "credential", why);
	}
	return 0;
}

/* Nothing is configured: 1 got it, 0 nobody has it. */
static int without_place(const struct server *server, int cancel_fd, char **out,
	struct fault *why)
{
	AUTO_FREE char *path = paths_expand("~/.netrc");
	const char *user = server->user ? server->user : "";
	int got = path ? secret_netrc(path, server->host, user, out, why) : 0;

	return got != 0 ? got : secret_prompt(server, cancel_fd, out, why);
}

int secret_get(const struct server *server, int cancel_fd, struct secret *out,
	struct fault *why)
{
	const struct place *place;
	int got;

	*out = (struct secret){ 0 };
	if (secret_check(server, why) < 0 || find_place(server, &place, why) < 0)
		return -1;
	if (place) {
		out->token = place->token;
		if (place->get(server, cancel_fd, &out->text, why) == 0)
			return 0;
		/* Those of oauth are whole sentences. */
		return has_oauth(server) ? -1 : secret_prefix(server, place->setting, why);
	}
	got = without_place(server, cancel_fd, &out->text, why);
	if (got < 0)
		return secret_prefix(server, "password", why);
	if (got == 0)
		return fault_set(why, FAULT_CONFIG,
			"%s%sno password for %s at %s: none of oauth, password-command, token-command, "
			"credential, keyring, netrc, password is set, ~/.netrc has none, and "
			"nobody is at a terminal to be asked",
			server->place ? server->place : "", server->place ? ": " : "",
			server->user ? server->user : "the user", server->host);
	return 0;
}

int secret_renew(const struct server *server, int cancel_fd, struct secret *s,
	struct fault *why)
{
	struct secret fresh = { .token = true };
	int got;

	if (!has_oauth(server) || !s->text)
		return 0;
	got = oauth_token_renew(server, cancel_fd, s->text, &fresh.text, why);
	if (got <= 0)
		return got;
	secret_wipe(s);
	*s = fresh;
	return 1;
}
