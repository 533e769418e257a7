/*
 * RFC 3501 sections 6.1.1, 6.2.2, 6.2.3, RFC 4959: logging in to an IMAP server.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/login_own.h"

#include <strings.h>

#include "common/net/deflate.h"

/* What a line is to the command under way. */
enum line_kind { LINE_UNTAGGED, LINE_CONTINUE, LINE_OK, LINE_NO, LINE_BAD, LINE_STRANGE };

/* Begins a command with a tag of its own. */
static void begin_command(struct login *l)
{
	buf_clear(&l->tag);
	buf_addf(&l->tag, "%s%u", buf_text(&l->prefix), ++l->commands);
	wire_queuef(l->wire, "%s ", buf_text(&l->tag));
}

/* Takes a word and the blank behind it. */
static struct slice take_word(struct slice *rest)
{
	struct slice word = { rest->ptr, 0 };

	slice_cut(rest, ' ', &word);
	return word;
}

/*
 * response-tagged = tag SP resp-cond-state; resp-cond-state = ("OK" / "NO" / "BAD") SP ...
 * "OKAY" is none of them.
 */
static enum line_kind read_kind(const struct login *l, struct slice line, struct slice *text)
{
	static const struct {
		const char *word;
		enum line_kind kind;
	} states[] = { { "OK", LINE_OK }, { "NO", LINE_NO }, { "BAD", LINE_BAD } };
	struct slice first;

	*text = line;
	if (line.len > 0 && line.ptr[0] == '+' && (line.len == 1 || line.ptr[1] == ' ')) {
		slice_skip(text, line.len > 1 ? 2 : 1);
		return LINE_CONTINUE;
	}
	first = take_word(text);
	if (slice_is(first, "*"))
		return LINE_UNTAGGED;
	if (!slice_equal(first, buf_slice(&l->tag)))
		return LINE_STRANGE;
	first = take_word(text);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (slice_is_case(first, states[i].word))
			return states[i].kind;
	}
	*text = line;
	return LINE_STRANGE;
}

/* resp-text-code = "CAPABILITY" *(SP capability), in "[...]" in front of the text. */
static void note_code(struct login *l, struct slice text)
{
	ptrdiff_t end;

	if (!slice_starts_case(text, "[CAPABILITY "))
		return;
	end = slice_find_byte(text, ']');
	if (end < 0)
		return;
	strings_clear(&l->session->capabilities);
	login_words(slice_from(slice_first(text, (size_t)end), strlen("[CAPABILITY ")),
		&l->session->capabilities);
	l->fresh_capabilities = true;
}

/* Untagged: capabilities are kept, BYE ends it, the rest is of no matter yet. */
static int note_untagged(struct login *l, struct slice text, struct fault *why)
{
	struct slice rest = text;
	struct slice word = take_word(&rest);

	if (slice_is_case(word, "BYE"))
		return login_refused(l, FAULT_TEMP, text, why);
	if (slice_is_case(word, "CAPABILITY")) {
		strings_clear(&l->session->capabilities);
		login_words(rest, &l->session->capabilities);
		l->fresh_capabilities = true;
	}
	return 0;
}

/* Response codes that mean "not now" (RFC 5530, RFC 9051 section 7.1). */
static enum fault_kind refusal_kind(struct slice text)
{
	static const char *const not_now[] = { "[UNAVAILABLE", "[INUSE", "[LIMIT", "[SERVERBUG",
		"[OVERQUOTA", "[CONTACTADMIN", "[IN-USE", "[SYS/TEMP" };

	for (size_t i = 0; i < sizeof(not_now) / sizeof(not_now[0]); i++) {
		if (slice_starts_case(text, not_now[i]))
			return FAULT_TEMP;
	}
	return FAULT_LOGIN;
}

/*
 * Reads until the command's end or a continuation. The barrier takes no notice of lines
 * that are not its own: they may be what libcurl left of its last answer.
 */
static enum login_answer await_tag(struct login *l, bool barrier, struct slice *text,
	struct fault *why)
{
	for (int lines = 0; lines < LOGIN_LINES; lines++) {
		struct slice line;

		if (wire_read_line(l->wire, LOGIN_LINE, &line, why) < 0)
			return LOGIN_FAULT;
		switch (read_kind(l, line, text)) {
		case LINE_UNTAGGED:
			if (note_untagged(l, *text, why) < 0)
				return LOGIN_FAULT;
			break;
		case LINE_CONTINUE:
			if (!barrier)
				return LOGIN_CHALLENGE;
			break;
		case LINE_OK:
			note_code(l, *text);
			return LOGIN_SUCCESS;
		case LINE_NO:
		case LINE_BAD:
			login_refused(l, refusal_kind(*text), *text, why);
			return LOGIN_FAULT;
		case LINE_STRANGE:
			if (barrier)
				break;
			login_nonsense(l, line, why);
			return LOGIN_FAULT;
		}
	}
	fault_set(why, FAULT_PROTOCOL, "%s: the server talks without end", wire_name(l->wire));
	return LOGIN_FAULT;
}

static void swap_tags(struct login *l)
{
	struct buf tag = l->tag;

	l->tag = l->barrier;
	l->barrier = tag;
}

/* The answer to the command under way; behind that to the barrier, when it is still owed. */
static enum login_answer await(struct login *l, struct slice *text, struct fault *why)
{
	enum login_answer passed;

	if (l->barrier.len > 0) {
		swap_tags(l);
		passed = await_tag(l, true, text, why);
		swap_tags(l);
		buf_clear(&l->barrier);
		if (passed == LOGIN_FAULT)
			return LOGIN_FAULT;
		/* These are of before the login. */
		l->fresh_capabilities = false;
	}
	return await_tag(l, false, text, why);
}

static enum login_answer sasl_answer(struct login *l, struct slice *challenge,
	struct fault *why)
{
	return await(l, challenge, why);
}

static void sasl_command(struct login *l)
{
	begin_command(l);
	wire_queue(l->wire, "AUTHENTICATE", strlen("AUTHENTICATE"));
}

/* RFC 4959: the initial response only where SASL-IR is offered. */
static const struct login_carrier carriers[] = {
	{ .command = sasl_command, .answer = sasl_answer, .initial_limit = 0 },
	{ .command = sasl_command, .answer = sasl_answer, .initial_limit = 8192 },
};

/* astring as quoted (no CR, LF, 8-bit), else as a literal; waits for "+" where it must. */
static int send_string(struct login *l, const char *value, struct fault *why)
{
	struct slice ignored;
	bool quotable = strlen(value) < 500;

	for (const char *p = value; *p && quotable; p++)
		quotable = *p != '\r' && *p != '\n' && (unsigned char)*p < 128;
	if (quotable) {
		wire_queue(l->wire, " \"", 2);
		for (; *value; value++) {
			if (*value == '"' || *value == '\\')
				wire_queue(l->wire, "\\", 1);
			wire_queue(l->wire, value, 1);
		}
		wire_queue(l->wire, "\"", 1);
		return 0;
	}
	wire_queuef(l->wire, " {%zu}\r\n", strlen(value));
	switch (await(l, &ignored, why)) {
	case LOGIN_CHALLENGE:
		wire_queue(l->wire, value, strlen(value));
		return 0;
	case LOGIN_SUCCESS:
		return login_nonsense(l, slice_text("OK in the middle of LOGIN"), why);
	case LOGIN_FAULT:
		break;
	}
	return -1;
}

static int by_command(struct login *l, struct fault *why)
{
	struct slice text;

	begin_command(l);
	wire_queue(l->wire, "LOGIN", strlen("LOGIN"));
	if (send_string(l, l->who.user, why) < 0 || send_string(l, l->who.secret, why) < 0)
		return -1;
	wire_queue(l->wire, "\r\n", 2);
	switch (await(l, &text, why)) {
	case LOGIN_SUCCESS:
		l->session->mechanism = "LOGIN";
		return 0;
	case LOGIN_CHALLENGE:
		return login_nonsense(l, slice_text("+"), why);
	case LOGIN_FAULT:
		break;
	}
	return -1;
}

static int by_hidden_command(struct login *l, struct fault *why)
{
	int result;

	wire_hide(l->wire, true);
	result = by_command(l, why);
	wire_hide(l->wire, false);
	return result;
}

static int ask_capabilities(struct login *l, bool barrier, struct fault *why)
{
	struct slice text;

	begin_command(l);
	wire_queue(l->wire, "CAPABILITY\r\n", strlen("CAPABILITY\r\n"));
	switch (await_tag(l, barrier, &text, why)) {
	case LOGIN_SUCCESS:
		return 0;
	case LOGIN_CHALLENGE:
		return login_nonsense(l, slice_text("+"), why);
	case LOGIN_FAULT:
		break;
	}
	return -1;
}

static int log_in(struct login *l, struct fault *why)
{
	const struct strings *list = &l->session->capabilities;
	AUTO_STRINGS offered = { 0 };
	const char *mechanism;

	for (size_t i = 0; i < list->count; i++) {
		if (strncasecmp(list->at[i], "AUTH=", 5) == 0)
			strings_add(&offered, slice_text(list->at[i] + 5));
	}
	mechanism = sasl_choose(&offered, &l->server->auth, &l->who);
	if (mechanism)
		return login_sasl(l, &carriers[session_can(l->session, "SASL-IR") ? 1 : 0],
			mechanism, why);
	if (login_may_be_plain(l) && !session_can(l->session, "LOGINDISABLED"))
		return by_hidden_command(l, why);
	return login_no_way(l, &offered, why);
}

/* What libcurl heard since TLS began: its own CAPABILITY, or the greeting's. */
static void take_greeted_capabilities(struct login *l)
{
	const struct strings *greeting = wire_greeting(l->wire);

	for (size_t i = 0; i < greeting->count; i++) {
		struct slice line = slice_text(greeting->at[i]);

		if (slice_starts_case(line, "* CAPABILITY ")) {
			strings_clear(&l->session->capabilities);
			login_words(slice_from(line, strlen("* CAPABILITY ")),
				&l->session->capabilities);
		}
	}
}

/*
 * The barrier. Where the capabilities are known already, its answer is not waited for: the
 * login follows at once, which saves the way there and back.
 */
static int put_barrier(struct login *l, bool login, struct fault *why)
{
	take_greeted_capabilities(l);
	if (!login || l->session->capabilities.count == 0)
		return ask_capabilities(l, true, why);
	begin_command(l);
	wire_queue(l->wire, "CAPABILITY\r\n", strlen("CAPABILITY\r\n"));
	buf_set(&l->barrier, buf_slice(&l->tag));
	return 0;
}

/* RFC 4978 section 3: what stands behind the CRLF of its OK is compressed already. */
static int compress(struct login *l, struct fault *why)
{
	struct slice line;
	struct slice text;

	if (!l->server->compress || !session_can(l->session, "COMPRESS=DEFLATE"))
		return 0;
	begin_command(l);
	wire_queue(l->wire, "COMPRESS DEFLATE\r\n", strlen("COMPRESS DEFLATE\r\n"));
	for (int lines = 0; lines < LOGIN_LINES; lines++) {
		if (wire_read_line(l->wire, LOGIN_LINE, &line, why) < 0)
			return -1;
		switch (read_kind(l, line, &text)) {
		case LINE_UNTAGGED:
			if (note_untagged(l, text, why) < 0)
				return -1;
			break;
		case LINE_OK:
			return wire_deflate(l->wire, why);
		case LINE_NO:
		case LINE_BAD:
			/* [COMPRESSIONACTIVE], or not today: then without. */
			return 0;
		case LINE_CONTINUE:
		case LINE_STRANGE:
			return login_nonsense(l, line, why);
		}
	}
	return fault_set(why, FAULT_PROTOCOL, "%s: the server talks without end",
		wire_name(l->wire));
}

int login_imap(struct login *l, struct fault *why)
{
	const struct strings *greeting = wire_greeting(l->wire);
	bool login;

	l->session->preauth = greeting->count > 0 &&
		strncasecmp(greeting->at[0], "* PREAUTH", 9) == 0;
	/* RFC 3501 11.2: who changed the greeting could make us speak in clear. */
	if (l->session->preauth && !wire_is_encrypted(l->wire) && l->server->tls != WIRE_TLS_NONE)
		return fault_set(why, FAULT_TEMP, "%s: the server greets with PREAUTH before TLS",
			wire_name(l->wire));
	login = l->server->user && !l->session->preauth;
	if (put_barrier(l, login, why) < 0)
		return -1;
	if (login) {
		l->fresh_capabilities = false;
		if (log_in(l, why) < 0 ||
			(!l->fresh_capabilities && ask_capabilities(l, false, why) < 0))
			return -1;
	}
	/* Never before the login: what is compressed with a secret tells of it. */
	return login || l->session->preauth ? compress(l, why) : 0;
}
