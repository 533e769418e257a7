/*
 * RFC 1939 section 7, RFC 2449, RFC 3206, RFC 5034: logging in to a POP3 server.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/login_own.h"

#include <strings.h>

#include "common/net/apop.h"

/*
 * Response codes that mean "not now" (RFC 2449 section 8.1, RFC 3206). A server with
 * AUTH-RESP-CODE says [AUTH] when the password is wrong, and else means something else.
 */
static enum fault_kind refusal_kind(const struct login *l, struct slice words)
{
	static const char *const not_now[] = { "[IN-USE]", "[LOGIN-DELAY]", "[SYS/TEMP]" };

	for (size_t i = 0; i < sizeof(not_now) / sizeof(not_now[0]); i++) {
		if (slice_starts_case(words, not_now[i]))
			return FAULT_TEMP;
	}
	if (slice_starts(words, "[") || !session_can(l->session, "AUTH-RESP-CODE"))
		return FAULT_LOGIN;
	return FAULT_TEMP;
}

/* "+OK" or "-ERR", alone or with a blank behind: "+OKAY" is neither. */
static bool is_status(struct slice line, const char *status, struct slice *words)
{
	size_t len = strlen(status);

	if (!slice_starts_case(line, status) || (line.len > len && line.ptr[len] != ' '))
		return false;
	*words = slice_trim(slice_from(line, len));
	return true;
}

/*
 * The answer to CAPA, the barrier: what comes before its status may be what libcurl left of
 * its last answer. A server without CAPA answers -ERR: it has no capabilities.
 */
static int read_capabilities(struct login *l, struct fault *why)
{
	bool listing = false;
	struct slice line;
	struct slice words;

	l->fresh_capabilities = true;
	strings_clear(&l->session->capabilities);
	for (int lines = 0; lines < LOGIN_LINES; lines++) {
		if (wire_read_line(l->wire, LOGIN_LINE, &line, why) < 0)
			return -1;
		if (listing && slice_is(line, "."))
			return 0;
		if (!listing && is_status(line, "-ERR", &words))
			return 0;
		if (listing)
			strings_add(&l->session->capabilities, slice_trim(line));
		else
			listing = is_status(line, "+OK", &words);
	}
	return fault_set(why, FAULT_PROTOCOL, "%s: the server talks without end",
		wire_name(l->wire));
}

/* What libcurl heard since TLS began: its own CAPA, behind the greeting if that was then. */
static void take_greeted_capabilities(struct login *l)
{
	const struct strings *greeting = wire_greeting(l->wire);
	bool whole = false;

	strings_clear(&l->session->capabilities);
	for (size_t i = 0; i < greeting->count && !whole; i++) {
		struct slice line = slice_trim(slice_text(greeting->at[i]));

		whole = slice_is(line, ".");
		if (!whole && !slice_starts(line, "+"))
			strings_add(&l->session->capabilities, line);
	}
	if (!whole)
		strings_clear(&l->session->capabilities);
}

/*
 * The barrier. Where the server pipelines (RFC 2449 section 6.6) its answer is not waited
 * for: the login follows at once, which saves the way there and back.
 */
static int put_barrier(struct login *l, struct fault *why)
{
	take_greeted_capabilities(l);
	wire_queue(l->wire, "CAPA\r\n", strlen("CAPA\r\n"));
	if (l->server->user && session_can(l->session, "PIPELINING"))
		return 0;
	return read_capabilities(l, why);
}

/* continue-req = "+" SP [base64]: an answer to AUTH, and to nothing else. */
static enum login_answer answer(struct login *l, struct slice *challenge, struct fault *why)
{
	struct slice line;

	if (!l->fresh_capabilities && read_capabilities(l, why) < 0)
		return LOGIN_FAULT;
	if (wire_read_line(l->wire, LOGIN_LINE, &line, why) < 0)
		return LOGIN_FAULT;
	if (is_status(line, "+OK", challenge))
		return LOGIN_SUCCESS;
	if (is_status(line, "-ERR", challenge))
		login_refused(l, refusal_kind(l, *challenge), *challenge, why);
	else if (line.len > 0 && line.ptr[0] == '+' && (line.len == 1 || line.ptr[1] == ' ')) {
		*challenge = slice_from(line, 1);
		return LOGIN_CHALLENGE;
	} else {
		login_nonsense(l, line, why);
	}
	return LOGIN_FAULT;
}

static void sasl_command(struct login *l)
{
	wire_queue(l->wire, "AUTH", 4);
}

/* RFC 5034 section 4: the limit of RFC 2449 section 4 stands for the initial response. */
static const struct login_carrier carrier = {
	.command = sasl_command, .answer = answer, .initial_limit = 255,
};

/*
 * Microsoft's servers refuse XOAUTH2 with an initial response (RFC 5034 allows it) as a
 * protocol error, and nobody else minds to be asked first. Real tokens hardly ever fit the
 * line anyway.
 */
static const struct login_carrier two_steps = {
	.command = sasl_command, .answer = answer, .initial_limit = 0,
};

/* One command of a login, whose answer is "+OK" or "-ERR". */
static int command(struct login *l, const char *verb, const char *argument, struct fault *why)
{
	struct slice text;
	enum login_answer said;

	wire_hide(l->wire, true);
	wire_queuef(l->wire, "%s %s\r\n", verb, argument);
	said = answer(l, &text, why);
	wire_hide(l->wire, false);
	switch (said) {
	case LOGIN_SUCCESS:
		return 0;
	case LOGIN_CHALLENGE:
		return login_nonsense(l, slice_text("+"), why);
	case LOGIN_FAULT:
		break;
	}
	return -1;
}

/* Where the user allows APOP, and nothing before it that the server has. */
static bool wants_apop(const struct login *l, const char *mechanism)
{
	const struct strings *allowed = &l->server->auth;

	for (size_t i = 0; i < allowed->count && !l->who.token; i++) {
		if (mechanism && strcasecmp(allowed->at[i], mechanism) == 0)
			return false;
		if (strcasecmp(allowed->at[i], "APOP") == 0)
			return true;
	}
	return false;
}

/* The greeting counts only if it came by the way that the login takes. */
static int by_apop(struct login *l, struct fault *why)
{
	const struct strings *greeting = wire_greeting(l->wire);
	struct slice challenge;
	AUTO_BUF argument = { 0 };

	if (greeting->count == 0 || !apop_challenge(slice_text(greeting->at[0]), &challenge))
		return fault_set(why, FAULT_LOGIN,
			"%s: APOP is wished, but the server's greeting has no proper challenge",
			wire_name(l->wire));
	buf_addf(&argument, "%s ", l->who.user);
	if (apop_digest(challenge, l->who.secret, &argument, why) < 0)
		return -1;
	l->session->mechanism = "APOP";
	return command(l, "APOP", buf_text(&argument), why);
}

/* Before CAPA there was nothing but USER; with it, it must be listed. */
static bool may_use_pass(const struct login *l, const struct strings *offered)
{
	return login_may_be_plain(l) &&
		(offered->count == 0 || session_can(l->session, "USER"));
}

/*
 * RFC 6856 section 2: without it a server may give a message in another form than the one
 * that it has (Courier does). A refusal changes nothing.
 */
static int want_utf8(struct login *l, struct fault *why)
{
	struct slice words;
	struct slice line;

	if (!session_can(l->session, "UTF8"))
		return 0;
	wire_queue(l->wire, "UTF8\r\n", strlen("UTF8\r\n"));
	if (!l->fresh_capabilities && read_capabilities(l, why) < 0)
		return -1;
	if (wire_read_line(l->wire, LOGIN_LINE, &line, why) < 0)
		return -1;
	if (is_status(line, "+OK", &words) || is_status(line, "-ERR", &words))
		return 0;
	login_nonsense(l, line, why);
	return -1;
}

int login_pop3(struct login *l, struct fault *why)
{
	AUTO_STRINGS offered = { 0 };
	const char *mechanism;

	l->fresh_capabilities = false;
	if (put_barrier(l, why) < 0)
		return -1;
	if (!l->server->user)
		return 0;
	if (want_utf8(l, why) < 0)
		return -1;
	login_words(slice_text(session_parameter(l->session, "SASL")), &offered);
	mechanism = sasl_choose(&offered, &l->server->auth, &l->who);
	if (wants_apop(l, mechanism))
		return by_apop(l, why);
	if (mechanism)
		return login_sasl(l, strcmp(mechanism, "XOAUTH2") == 0 ? &two_steps : &carrier,
			mechanism, why);
	if (may_use_pass(l, &offered)) {
		if (command(l, "USER", l->who.user, why) < 0)
			return -1;
		l->session->mechanism = "USER";
		return command(l, "PASS", l->who.secret, why);
	}
	return login_no_way(l, &offered, why);
}
