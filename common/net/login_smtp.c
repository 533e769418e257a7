/*
 * RFC 5321 section 4.1.1.1, RFC 4954: greeting and logging in to an SMTP server.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/login_own.h"

#include <strings.h>
#include <unistd.h>

#include "common/net/smtp_talk.h"

/* Refused at this stage: RFC 5321 4.2.1, RFC 4954 section 6. */
static int refused(const struct login *l, const struct smtp_reply *r, struct fault *why)
{
	AUTO_BUF words = { 0 };

	smtp_reply_show(r, 300, &words);
	return login_refused(l, r->code / 100 == 5 ? FAULT_LOGIN : FAULT_TEMP, buf_slice(&words),
		why);
}

static enum login_answer answer(struct login *l, struct slice *challenge, struct fault *why)
{
	AUTO_SMTP_REPLY r = { 0 };

	if (smtp_await(l->wire, &r, why) < 0) {
		login_hide(l, why);
		return LOGIN_FAULT;
	}
	if (r.code == 235)
		return LOGIN_SUCCESS;
	if (r.code == 334) {
		buf_set(&l->tag, buf_slice(&r.text));
		*challenge = buf_slice(&l->tag);
		return LOGIN_CHALLENGE;
	}
	if (r.code >= 400)
		refused(l, &r, why);
	else
		login_nonsense(l, buf_slice(&r.text), why);
	return LOGIN_FAULT;
}

static void sasl_command(struct login *l)
{
	wire_queue(l->wire, "AUTH", 4);
}

/* RFC 4954 section 4: the limit of a command line stands for the initial response. */
static const struct login_carrier carrier = {
	.command = sasl_command, .answer = answer, .initial_limit = 512,
};

/* ehlo-line = ehlo-keyword *( SP ehlo-param ); the first line is the server's name. */
static void note_capabilities(struct login *l, const struct smtp_reply *r)
{
	struct slice rest = buf_slice(&r->text);
	struct slice line;

	strings_clear(&l->session->capabilities);
	slice_cut(&rest, '\n', &line);
	while (slice_cut(&rest, '\n', &line))
		strings_add(&l->session->capabilities, slice_trim(line));
}

/* EHLO once more: the barrier. Only a server that does not know it gets HELO. */
static int greet(struct login *l, const char *name, struct fault *why)
{
	AUTO_SMTP_REPLY r = { 0 };

	wire_queuef(l->wire, "EHLO %s\r\n", name);
	if (smtp_await(l->wire, &r, why) < 0)
		return -1;
	if (r.code / 100 == 2) {
		note_capabilities(l, &r);
		return 0;
	}
	if (r.code == 500 || r.code == 502 || r.code == 504) {
		wire_queuef(l->wire, "HELO %s\r\n", name);
		if (smtp_await(l->wire, &r, why) < 0)
			return -1;
		if (r.code / 100 == 2)
			return 0;
	}
	return refused(l, &r, why);
}

/* Also "AUTH=LOGIN PLAIN", as some servers wrote it before RFC 4954 was. */
static void note_mechanisms(const struct session *s, struct strings *offered)
{
	for (size_t i = 0; i < s->capabilities.count; i++) {
		const char *line = s->capabilities.at[i];

		if (strncasecmp(line, "AUTH ", 5) == 0 || strncasecmp(line, "AUTH=", 5) == 0)
			login_words(slice_text(line + 5), offered);
	}
}

static int check_hello(const char *name, struct fault *why)
{
	for (const char *p = name; *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 127)
			name = "";
	}
	if (!*name)
		return fault_set(why, FAULT_CONFIG, "the name for EHLO is empty or holds blanks");
	return 0;
}

int login_smtp(struct login *l, struct fault *why)
{
	AUTO_STRINGS offered = { 0 };
	char machine[256] = "localhost";
	const char *name = l->hello ? l->hello : machine;
	const char *mechanism;

	if (!l->hello && gethostname(machine, sizeof(machine) - 1) < 0)
		return fault_set(why, FAULT_TEMP, "this machine has no name");
	if (check_hello(name, why) < 0 || greet(l, name, why) < 0)
		return -1;
	if (!l->server->user)
		return 0;
	note_mechanisms(l->session, &offered);
	mechanism = sasl_choose(&offered, &l->server->auth, &l->who);
	if (!mechanism)
		return login_no_way(l, &offered, why);
	return login_sasl(l, &carrier, mechanism, why);
}
