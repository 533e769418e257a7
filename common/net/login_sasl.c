/*
 * A SASL exchange over a protocol's lines (RFC 4422 section 4): the same for all three.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/login_own.h"

static void wipe(struct buf *b)
{
	if (b->ptr)
		explicit_bzero(b->ptr, b->room);
	buf_free(b);
}

#define AUTO_WIPED __attribute__((cleanup(wipe))) struct buf

static void send_response(struct login *l, const struct buf *response)
{
	AUTO_WIPED text = { 0 };

	sasl_encode(buf_slice(response), &text);
	buf_add_text(&text, "\r\n");
	wire_queue(l->wire, text.ptr, text.len);
}

/* "*" cancels; what the server says to it changes nothing. */
static int give_up(struct login *l, const struct login_carrier *carrier)
{
	struct slice ignored;

	wire_queue(l->wire, "*\r\n", 3);
	carrier->answer(l, &ignored, NULL);
	return -1;
}

/*
 * Sends the command, with the first response in it where the protocol allows and the line
 * does not become too long: 1 it went along, 0 it is to be sent, -1 fault.
 */
static int begin(struct login *l, const struct login_carrier *carrier, struct sasl *s,
	struct buf *response, struct fault *why)
{
	AUTO_WIPED text = { 0 };
	size_t before = wire_queued(l->wire);
	size_t len;

	if (sasl_client_first(s)) {
		if (sasl_step(s, slice_text(""), response, why) < 0)
			return fault_prefix(why, "%s", wire_name(l->wire));
		sasl_encode(buf_slice(response), &text);
		/* An empty one is told from none (RFC 4959, 5034, 4954). */
		if (text.len == 0)
			buf_add_byte(&text, '=');
	}
	carrier->command(l);
	wire_queuef(l->wire, " %s", sasl_mechanism(s));
	len = wire_queued(l->wire) - before + 1 + text.len + 2;
	if (sasl_client_first(s) && len <= carrier->initial_limit) {
		wire_queue(l->wire, " ", 1);
		wire_queue(l->wire, text.ptr, text.len);
	}
	wire_queue(l->wire, "\r\n", 2);
	return sasl_client_first(s) && len <= carrier->initial_limit ? 1 : 0;
}

/* Takes a challenge and sends the response to it. */
static int respond(struct login *l, const struct login_carrier *carrier, struct sasl *s,
	struct slice challenge, struct buf *response, struct fault *why)
{
	AUTO_BUF decoded = { 0 };

	if (!sasl_decode(slice_trim(challenge), &decoded)) {
		login_nonsense(l, challenge, why);
		return give_up(l, carrier);
	}
	if (sasl_step(s, buf_slice(&decoded), response, why) < 0) {
		fault_prefix(why, "%s", wire_name(l->wire));
		return give_up(l, carrier);
	}
	send_response(l, response);
	return 0;
}

/* The server's words say that it failed, the complaint of a token mechanism says why. */
static int add_complaint(const struct login *l, const struct sasl *s, struct fault *why)
{
	const char *more = sasl_complaint(s);
	AUTO_BUF shown = { 0 };
	struct fault first;

	/* Not every server that offers it can bind to every TLS: auth is the way around. */
	if (!more && why && why->kind == FAULT_LOGIN &&
		slice_ends_case(slice_text(sasl_mechanism(s)), "-PLUS"))
		more = sasl_mechanism(s);
	if (!why || !more)
		return -1;
	first = *why;
	login_show(l, slice_text(more), strlen(more), &shown);
	return fault_set(why, first.kind, "%s (%s)", first.text, buf_text(&shown));
}

static int exchange(struct login *l, const struct login_carrier *carrier, const char *mechanism,
	struct fault *why)
{
	AUTO_WIPED response = { 0 };
	AUTO_SASL *s = NULL;
	bool waiting; /* the first response is ready, the server has not asked yet */
	int went;

	if (sasl_begin(mechanism, &l->who, &s, why) < 0)
		return -1;
	went = begin(l, carrier, s, &response, why);
	if (went < 0)
		return -1;
	waiting = went == 0 && sasl_client_first(s);
	for (;;) {
		struct slice challenge;
		enum login_answer answer = carrier->answer(l, &challenge, why);

		if (answer == LOGIN_FAULT)
			return add_complaint(l, s, why);
		if (answer == LOGIN_SUCCESS && sasl_is_done(s) && !waiting) {
			l->session->mechanism = sasl_mechanism(s);
			return 0;
		}
		if (answer == LOGIN_SUCCESS)
			return fault_set(why, FAULT_LOGIN, "%s: the server says that %s is logged "
				"in, but did not finish %s: it may not be the right one",
				wire_name(l->wire), l->who.user, mechanism);
		if (waiting) {
			send_response(l, &response);
			waiting = false;
		} else if (respond(l, carrier, s, challenge, &response, why) < 0) {
			return -1;
		}
	}
}

int login_sasl(struct login *l, const struct login_carrier *carrier, const char *mechanism,
	struct fault *why)
{
	int result;

	wire_hide(l->wire, true);
	result = exchange(l, carrier, mechanism, why);
	wire_hide(l->wire, false);
	return result;
}
