/*
 * What the three ways to log in share. For common/net/login*.c only.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_LOGIN_OWN_H
#define COMMON_NET_LOGIN_OWN_H

#include "common/net/login.h"
#include "common/net/sasl.h"

/*
 * LIMIT: a line before and during login. Capability lines stay below 1 KiB, a challenge
 * (SCRAM, the JSON of a refused token) below 4.
 */
enum { LOGIN_LINE = 16 * 1024 };

/* LIMIT: lines in the answer to one command. */
enum { LOGIN_LINES = 500 };

struct login {
	const struct server *server;
	const struct secret *secret;
	const char *hello;
	struct session *session; /* being filled */
	struct wire *wire;
	struct sasl_identity who;
	struct buf tag;          /* IMAP: of the command that is under way */
	struct buf barrier;      /* IMAP: of the command before it, not answered yet; or empty */
	struct buf prefix;       /* IMAP: random, so that no stray line bears our tag */
	unsigned commands;
	bool fresh_capabilities; /* IMAP: told at the end of the login; POP3: by the barrier */
};

/* One for each protocol: barrier, capabilities, login if there is a user. */
int login_imap(struct login *l, struct fault *why);
int login_pop3(struct login *l, struct fault *why);
int login_smtp(struct login *l, struct fault *why);

/* What a server answers within a SASL exchange. */
enum login_answer { LOGIN_FAULT = -1, LOGIN_CHALLENGE, LOGIN_SUCCESS };

/* How a protocol carries SASL (RFC 4422 section 4). */
struct login_carrier {
	/* Queues what stands before the mechanism: "AUTH". */
	void (*command)(struct login *l);
	/* Longest command line with an initial response, CRLF included; 0: none allowed. */
	size_t initial_limit;
	/* Reads one answer; a challenge's text (base64) is valid until the next call.
	 * LOGIN_FAULT for a refusal too. */
	enum login_answer (*answer)(struct login *l, struct slice *challenge,
		struct fault *why);
};

/* Runs one mechanism to its end. */
int login_sasl(struct login *l, const struct login_carrier *carrier, const char *mechanism,
	struct fault *why);

/* Whether user and password may be given in the protocol's own words, as PLAIN would. */
bool login_may_be_plain(const struct login *l);

/* FAULT_LOGIN: nothing of what the server offers may be used. */
int login_no_way(const struct login *l, const struct strings *offered, struct fault *why);

/* Refused in the server's own words: KIND, "host:port: user NAME is refused: WORDS". */
int login_refused(const struct login *l, enum fault_kind kind, struct slice words,
	struct fault *why);

/* FAULT_PROTOCOL with the line, cut, shown as by login_show. */
int login_nonsense(const struct login *l, struct slice line, struct fault *why);

/* Adds words of the server, fit to be shown; not those with the secret in them. */
void login_show(const struct login *l, struct slice words, size_t most, struct buf *out);

/* A fault with a quoted line: the same; -1. */
int login_hide(const struct login *l, struct fault *why);

/* Adds each word of a list parted by blanks. */
void login_words(struct slice text, struct strings *out);

#endif
