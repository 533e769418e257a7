/*
 * Sessions: see login.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/login.h"

#include <strings.h>

#include "common/base/clock.h"
#include "common/base/say.h"
#include "common/base/stage.h"
#include "common/net/hook.h"
#include "common/net/handshake.h"
#include "common/net/login_own.h"

static int (*const by_protocol[])(struct login *l, struct fault *why) = {
	[WIRE_IMAP] = login_imap,
	[WIRE_POP3] = login_pop3,
	[WIRE_SMTP] = login_smtp,
};

void session_close(struct session *s)
{
	wire_close(s->wire);
	hook_after(s->after);
	strings_free(&s->capabilities);
	*s = (struct session){ 0 };
}

const char *session_parameter(const struct session *s, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < s->capabilities.count; i++) {
		const char *line = s->capabilities.at[i];

		if (strncasecmp(line, name, len) != 0)
			continue;
		if (line[len] == '\0')
			return line + len;
		if (line[len] == ' ')
			return line + len + 1;
	}
	return NULL;
}

bool session_can(const struct session *s, const char *name)
{
	return session_parameter(s, name) != NULL;
}

void login_words(struct slice text, struct strings *out)
{
	struct slice word;

	while (slice_cut(&text, ' ', &word)) {
		word = slice_trim(word);
		if (word.len > 0)
			strings_add(out, word);
	}
}

/*
 * A server may repeat what it refuses, and its words go to stderr and into the queue: the
 * secret itself, or within the base64 of SASL. LIMIT: its first bytes say enough.
 */
static bool holds_secret(const struct login *l, struct slice words)
{
	struct slice secret = slice_first(slice_text(l->who.secret), 8);
	bool found = slice_find(words, secret) >= 0;
	struct slice word;

	while (!found && slice_cut(&words, ' ', &word)) {
		AUTO_BUF decoded = { 0 };

		/* Also of a line that was cut. */
		word.len -= word.len % 4;
		found = sasl_decode(word, &decoded) &&
			slice_find(buf_slice(&decoded), secret) >= 0;
		if (decoded.ptr)
			explicit_bzero(decoded.ptr, decoded.room);
	}
	return secret.len > 0 && found;
}

void login_show(const struct login *l, struct slice words, size_t most, struct buf *out)
{
	if (holds_secret(l, words))
		buf_add_text(out, "(words with the secret in them)");
	else
		say_visible(out, slice_first(words, most));
}

int login_nonsense(const struct login *l, struct slice line, struct fault *why)
{
	AUTO_BUF shown = { 0 };

	login_show(l, line, 120, &shown);
	return fault_set(why, FAULT_PROTOCOL, "%s: the server answers \"%s\" to a login",
		wire_name(l->wire), buf_text(&shown));
}

int login_hide(const struct login *l, struct fault *why)
{
	struct slice words = slice_text(why ? why->text : "");
	ptrdiff_t quote = slice_find_byte(words, '"');

	words = slice_from(words, (size_t)quote + 1);
	if (words.len > 0)
		words.len--;
	return quote >= 0 && holds_secret(l, words) ? login_nonsense(l, words, why) : -1;
}

int login_refused(const struct login *l, enum fault_kind kind, struct slice words,
	struct fault *why)
{
	AUTO_BUF shown = { 0 };

	login_show(l, words, 300, &shown);
	return fault_set(why, kind, "%s: %s %s: %s", wire_name(l->wire),
		kind == FAULT_TEMP ? "no login now for" : "the server refuses the login of",
		l->who.user ? l->who.user : "us", buf_text(&shown));
}

bool login_may_be_plain(const struct login *l)
{
	const struct strings *allowed = &l->server->auth;

	if (l->who.token)
		return false;
	for (size_t i = 0; i < allowed->count; i++) {
		if (strcasecmp(allowed->at[i], "PLAIN") == 0 ||
			strcasecmp(allowed->at[i], "LOGIN") == 0)
			return true;
	}
	return allowed->count == 0;
}

int login_no_way(const struct login *l, const struct strings *offered, struct fault *why)
{
	AUTO_BUF list = { 0 };
	AUTO_BUF shown = { 0 };

	for (size_t i = 0; i < offered->count; i++)
		buf_addf(&list, " %s", offered->at[i]);
	say_visible(&shown, slice_first(buf_slice(&list), 300));
	return fault_set(why, FAULT_LOGIN, "%s: no way to log in by %s that is allowed here "
		"(the server offers%s)", wire_name(l->wire), l->who.token ? "token" : "password",
		shown.len ? buf_text(&shown) : " none");
}

/* What could end a line or a field of a login may stand in neither name nor token. */
static int check_identity(const struct login *l, struct fault *why)
{
	const char *place = l->server->place ? l->server->place : wire_name(l->wire);

	for (const char *p = l->who.user; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 127)
			return fault_set(why, FAULT_CONFIG,
				"%s: the user holds a control character", place);
	}
	for (const char *p = l->who.secret; *p; p++) {
		if (*p == '\r' || *p == '\n' ||
			(l->who.token && ((unsigned char)*p <= ' ' || *p == 127)))
			return fault_set(why, FAULT_CONFIG,
				"%s: the %s holds a character that cannot be sent", place,
				l->who.token ? "token" : "password");
	}
	return 0;
}

static int run(struct login *l, enum wire_protocol protocol, struct fault *why)
{
	const struct server *server = l->server;
	const struct handshake_facts *facts = wire_facts(l->wire);

	l->who = (struct sasl_identity){ .user = server->user,
		.secret = l->secret && l->secret->text ? l->secret->text : "",
		.token = l->secret && l->secret->token, .host = server->host,
		.port = server->port ? server->port
				     : wire_default_port(protocol, (enum wire_tls)server->tls) };
	if (facts && facts->binding.type)
		l->who.binding = &facts->binding;
	if (server->user) {
		if (check_identity(l, why) < 0)
			return -1;
		if (!wire_is_encrypted(l->wire) && server->tls != WIRE_TLS_NONE)
			return fault_set(why, FAULT_TEMP, "%s: no login over a connection that is "
				"not encrypted", wire_name(l->wire));
	}
	stage_random_name(&l->prefix, 8);
	return by_protocol[protocol](l, why);
}

int session_start(enum wire_protocol protocol, const struct server *server, const char *hello,
	const struct secret *secret, struct wire *w, struct session *out, struct fault *why)
{
	struct login l = { .server = server, .secret = secret, .hello = hello, .session = out,
		.wire = w };
	int result;

	*out = (struct session){ .wire = w };
	if (server->timeout > 0)
		wire_set_end(w, clock_deadline(4 * server->timeout));
	result = run(&l, protocol, why);
	wire_set_end(w, CLOCK_NEVER);
	buf_free(&l.tag);
	buf_free(&l.barrier);
	buf_free(&l.prefix);
	if (result < 0)
		session_close(out);
	return result;
}
