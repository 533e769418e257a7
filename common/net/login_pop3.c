/*
 * RFC 1939 section 7, RFC 2449, RFC 3206, RFC 5034: logging in to a POP3 server.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/login_own.h"

/* Response codes that mean "not now" (RFC 2449 section 8.1, RFC 3206). */
static enum fault_kind refusal_kind(struct slice words)
{
	static const char *const not_now[] = { "[IN-USE]", "[LOGIN-DELAY]", "[SYS/TEMP]" };

	for (size_t i = 0; i < sizeof(not_now) / sizeof(not_now[0]); i++) {
		if (slice_starts_case(words, not_now[i]))
			return FAULT_TEMP;
	}
	return FAULT_LOGIN;
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

/* continue-req = "+" SP [base64]: an answer to AUTH, and to nothing else. */
static enum login_answer answer(struct login *l, struct slice *challenge, struct fault *why)
{
	struct slice line;

	if (wire_read_line(l->wire, LOGIN_LINE, &line, why) < 0)
		return LOGIN_FAULT;
	if (is_status(line, "+OK", challenge))
		return LOGIN_SUCCESS;
	if (is_status(line, "-ERR", challenge))
		login_refused(l, refusal_kind(*challenge), *challenge, why);
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
 * CAPA, the barrier: what comes before its status may be what libcurl left of its last
 * answer. A server without CAPA answers -ERR: it has no capabilities.
 */
static int ask_capabilities(struct login *l, struct fault *why)
{
	bool listing = false;
	struct slice line;
	struct slice words;

	strings_clear(&l->session->capabilities);
	wire_queue(l->wire, "CAPA\r\n", strlen("CAPA\r\n"));
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

/* One command whose answer is "+OK" or "-ERR". */
static int command(struct login *l, const char *verb, const char *argument, struct fault *why)
{
	struct slice text;

	wire_queuef(l->wire, "%s %s\r\n", verb, argument);
	switch (answer(l, &text, why)) {
	case LOGIN_SUCCESS:
		return 0;
	case LOGIN_CHALLENGE:
		return login_nonsense(l, slice_text("+"), why);
	case LOGIN_FAULT:
		break;
	}
	return -1;
}

int login_pop3(struct login *l, struct fault *why)
{
	AUTO_STRINGS offered = { 0 };
	const char *mechanism;

	if (ask_capabilities(l, why) < 0)
		return -1;
	if (!l->server->user)
		return 0;
	login_words(slice_text(session_parameter(l->session, "SASL")), &offered);
	mechanism = sasl_choose(&offered, &l->server->auth, &l->who);
	if (mechanism)
		return login_sasl(l, &carrier, mechanism, why);
	/* Before CAPA there was nothing but USER; with it, it must be listed. */
	if (login_may_be_plain(l) && (offered.count == 0 || session_can(l->session, "USER"))) {
		if (command(l, "USER", l->who.user, why) < 0)
			return -1;
		l->session->mechanism = "USER";
		return command(l, "PASS", l->who.secret, why);
	}
	return login_no_way(l, &offered, why);
}
