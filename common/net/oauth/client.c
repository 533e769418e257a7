/*
 * Providers and what is known of them: see client.h. One row each.
 *
 * Google gives no mail scopes to devices (its list of scopes for limited-input devices);
 * Microsoft does. Google wants access_type and prompt, else there is no refresh token after
 * the first time. Microsoft matches "http://localhost" with any port, Google and Fastmail
 * "http://127.0.0.1" (RFC 8252 section 7.3); Yahoo shows a code to be typed ("oob").
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/oauth/client.h"

#include <ctype.h>

#include "common/net/https.h"
#include "common/net/secret_command.h"

/* LIMIT: a file name has 255 bytes; a prefix and an ending are added. */
enum { KEY_MAX = 200 };

static const struct row {
	const char *name, *title;
	const char *register_at;
	const char *auth_url, *token_url, *device_url; /* "%" stands for the tenant */
	const char *scope;
	const char *further;
	const char *redirect;
} rows[] = {
	[OAUTH_GMAIL] = {
		.name = "gmail",
		.title = "Google",
		.register_at = "https://console.cloud.google.com/apis/credentials",
		.auth_url = "https://accounts.google.com/o/oauth2/v2/auth",
		.token_url = "https://oauth2.googleapis.com/token",
		.scope = "https://mail.google.com/",
		.further = "&access_type=offline&prompt=consent",
		.redirect = "http://127.0.0.1",
	},
	[OAUTH_MICROSOFT] = {
		.name = "microsoft",
		.title = "Microsoft",
		.register_at = "https://entra.microsoft.com (App registrations)",
		.auth_url = "https://login.microsoftonline.com/%/oauth2/v2.0/authorize",
		.token_url = "https://login.microsoftonline.com/%/oauth2/v2.0/token",
		.device_url = "https://login.microsoftonline.com/%/oauth2/v2.0/devicecode",
		.scope = "https://outlook.office.com/IMAP.AccessAsUser.All "
			 "https://outlook.office.com/POP.AccessAsUser.All "
			 "https://outlook.office.com/SMTP.Send offline_access",
		.further = "",
		.redirect = "http://localhost",
	},
	[OAUTH_YAHOO] = {
		.name = "yahoo",
		.title = "Yahoo",
		.register_at = "https://developer.yahoo.com/apps/",
		.auth_url = "https://api.login.yahoo.com/oauth2/request_auth",
		.token_url = "https://api.login.yahoo.com/oauth2/get_token",
		.scope = "mail-w",
		.further = "",
		.redirect = "oob",
	},
	[OAUTH_FASTMAIL] = {
		.name = "fastmail",
		.title = "Fastmail",
		.register_at = "https://www.fastmail.com/dev/",
		.auth_url = "https://api.fastmail.com/oauth/authorize",
		.token_url = "https://api.fastmail.com/oauth/refresh",
		.scope = "https://www.fastmail.com/dev/protocol-imap "
			 "https://www.fastmail.com/dev/protocol-pop "
			 "https://www.fastmail.com/dev/protocol-smtp",
		.further = "",
		.redirect = "http://127.0.0.1",
	},
	[OAUTH_CUSTOM] = {
		.name = "custom",
		.title = "the provider",
		.register_at = "the provider",
		.further = "",
		.redirect = "http://127.0.0.1",
	},
};

void oauth_client_free(struct oauth_client *c)
{
	free(c->auth_url);
	free(c->token_url);
	free(c->device_url);
	free(c->scope);
	free(c->key);
	*c = (struct oauth_client){ 0 };
}

static const char *place_of(const struct server *server)
{
	return server->place ? server->place : server->host;
}

static void put_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (isalnum((unsigned char)*text) || strchr("@._-+", *text))
			buf_add_byte(out, *text);
		else
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
	}
}

/* Two providers of one's own are two, told apart by where the tokens are. */
static char *make_key(const struct oauth_client *c, const struct row *row)
{
	AUTO_BUF out = { 0 };

	buf_addf(&out, "%s:", row->name);
	if (c->server->oauth.provider == OAUTH_CUSTOM) {
		put_escaped(&out, c->token_url);
		buf_add_byte(&out, ':');
	}
	put_escaped(&out, c->server->user);
	return buf_give(&out);
}

static char *choose_url(const char *own, const char *known, const char *tenant)
{
	AUTO_BUF out = { 0 };

	if (own)
		return mem_text(own);
	if (!known)
		return NULL;
	for (; *known; known++) {
		if (*known == '%')
			put_escaped(&out, tenant);
		else
			buf_add_byte(&out, *known);
	}
	return buf_give(&out);
}

static int check_url(const struct server *server, const char *name, const char *url,
	struct fault *why)
{
	if (!url || https_url_is_safe(url))
		return 0;
	return fault_set(why, FAULT_CONFIG, "%s: %s must begin with https://: \"%s\"",
		place_of(server), name, url);
}

/* What each way of asking needs. */
static int choose_flow(struct oauth_client *c, struct fault *why)
{
	int wish = c->server->oauth.flow;

	if (wish == OAUTH_AUTO)
		wish = c->device_url ? OAUTH_DEVICE : OAUTH_BROWSER;
	c->flow = (enum oauth_flow)wish;
	if (wish == OAUTH_DEVICE && !c->device_url)
		return fault_set(why, FAULT_CONFIG, c->server->oauth.provider == OAUTH_CUSTOM
			? "%s: oauth-flow = \"device\" needs an oauth-device-url (%s)"
			: "%s: %s gives no mail to devices: remove oauth-flow = \"device\"",
			place_of(c->server), c->title);
	if (wish == OAUTH_BROWSER && !c->auth_url)
		return fault_set(why, FAULT_CONFIG, "%s: oauth = \"custom\" needs an "
			"oauth-auth-url, or an oauth-device-url", place_of(c->server));
	return 0;
}

/* RFC 6749 appendix A: VSCHAR, and for scopes less; what else stands there is a mistake. */
static int check_text(const struct server *server, const char *name, const char *text,
	struct fault *why)
{
	for (; *text; text++) {
		if (*text < ' ' || *text > 126)
			return fault_set(why, FAULT_CONFIG,
				"%s: %s holds a character that cannot be sent", place_of(server),
				name);
	}
	return 0;
}

static int check(const struct oauth_client *c, struct fault *why)
{
	const struct server *s = c->server;

	if (check_url(s, "oauth-auth-url", c->auth_url, why) < 0 ||
		check_url(s, "oauth-token-url", c->token_url, why) < 0 ||
		check_url(s, "oauth-device-url", c->device_url, why) < 0)
		return -1;
	if (!c->token_url || !c->scope)
		return fault_set(why, FAULT_CONFIG, "%s: oauth = \"custom\" needs %s",
			place_of(s), c->token_url ? "an oauth-scope" : "an oauth-token-url");
	return check_text(s, "client-id", c->id, why) < 0 ||
		check_text(s, "oauth-scope", c->scope, why) < 0 ? -1 : 0;
}

int oauth_client_make(const struct server *server, struct oauth_client *out,
	struct fault *why)
{
	const struct oauth_settings *o = &server->oauth;
	const struct row *row = &rows[o->provider];
	const char *tenant = o->tenant ? o->tenant : "common";

	*out = (struct oauth_client){ .server = server, .title = row->title,
		.id = o->client_id, .further = row->further,
		.redirect = o->redirect_url ? o->redirect_url : row->redirect };
	if (!server->user)
		return fault_set(why, FAULT_CONFIG, "%s: oauth needs a user", place_of(server));
	if (!o->client_id || !o->client_id[0])
		return fault_set(why, FAULT_CONFIG, "%s: oauth = \"%s\" needs a client-id of your "
			"own: register one at %s; mailrail.conf(5) says how, under OAUTH2",
			place_of(server), row->name, row->register_at);
	out->auth_url = choose_url(o->auth_url, row->auth_url, tenant);
	out->token_url = choose_url(o->token_url, row->token_url, tenant);
	out->device_url = choose_url(o->device_url, row->device_url, tenant);
	out->scope = mem_text(o->scope ? o->scope : row->scope);
	if (check(out, why) < 0 || choose_flow(out, why) < 0)
		return -1;
	out->key = make_key(out, row);
	if (strlen(out->key) > KEY_MAX)
		return fault_set(why, FAULT_CONFIG, "%s: user and oauth-token-url are too long",
			place_of(server));
	return 0;
}

int oauth_client_secret(const struct oauth_client *c, int cancel_fd, char **out,
	struct fault *why)
{
	const struct oauth_settings *o = &c->server->oauth;

	*out = NULL;
	if (o->client_secret_command)
		return secret_command(o->client_secret_command, "client-secret-command", c->server,
			cancel_fd, out, why);
	*out = mem_text(o->client_secret);
	return 0;
}

void oauth_client_remedy(const struct oauth_client *c, struct buf *out)
{
	if (c->server->account)
		buf_addf(out, "mr-fetch login %s", c->server->account);
	else
		buf_addf(out, "mr-fetch login, for an account with oauth = \"%s\" and user %s",
			rows[c->server->oauth.provider].name, c->server->user);
}

static bool has_word(struct slice list, struct slice wanted)
{
	struct slice word;

	while (slice_cut(&list, ' ', &word)) {
		if (slice_equal(word, wanted))
			return true;
	}
	return false;
}

bool oauth_scope_covers(const char *given, const char *wanted, struct slice *missing)
{
	struct slice rest = slice_text(wanted);
	struct slice word;

	while (slice_cut(&rest, ' ', &word)) {
		if (word.len == 0 || has_word(slice_text(given), word))
			continue;
		if (missing)
			*missing = word;
		return false;
	}
	return true;
}
