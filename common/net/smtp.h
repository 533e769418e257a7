/*
 * Handing messages to an SMTP server over a session that is logged in (RFC 5321, RFC 2920
 * PIPELINING, RFC 1870 SIZE, RFC 6152 8BITMIME): one connection for many messages, one
 * result for each recipient.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SMTP_H
#define COMMON_NET_SMTP_H

#include "common/net/login.h"

struct smtp {
	struct session *session; /* borrowed */
	int64_t timeout_ms;      /* for each reply, and for each block of a message */
	int64_t final_ms;        /* for the reply to the final dot */
	bool lmtp;               /* set by who opened it so: lmtp.h */
	bool unclean;            /* a transaction may be open: the next begins with RSET */
	bool dead;               /* nothing more can be sent: close the session */
};

/*
 * LIMIT: RFC 5321 4.5.3.2.6. Too short a wait makes duplicates: the server may have taken
 * the message already.
 */
enum { SMTP_FINAL_MS = 10 * 60 * 1000 };

/* timeout_ms 0: five minutes (RFC 5321 4.5.3.2); final_ms 0: SMTP_FINAL_MS. */
void smtp_begin(struct smtp *c, struct session *s, int64_t timeout_ms, int64_t final_ms);

struct smtp_envelope {
	const char *from;         /* "": the null sender of bounces */
	const struct strings *to; /* at least one */
	uint64_t size;            /* of the message with CRLF, a guess will do; 0: unknown */
	bool eight_bit;           /* it holds bytes over 127 */
};

/* Where the message comes from. Called from its begin, once, and only if somebody takes it. */
struct smtp_source {
	/* Adds the next piece (64 KiB or so, any line ends, no dot stuffing) to *out: 1 there
	 * may be more, 0 that was the last, -1 it cannot be read. */
	int (*read)(void *state, struct buf *out, struct fault *why);
	void *state;
};

enum smtp_verdict { SMTP_OPEN, SMTP_DELIVERED, SMTP_DEFERRED, SMTP_REFUSED };
enum smtp_stage { SMTP_AT_MAIL, SMTP_AT_RCPT, SMTP_AT_DATA, SMTP_AT_END };

struct smtp_result {
	enum smtp_verdict verdict; /* never SMTP_OPEN after smtp_send */
	enum smtp_stage stage;     /* what was answered so, or where the connection broke */
	int code;                  /* of the server's reply; 0: it is our own finding */
	char enhanced[12];         /* RFC 3463, never empty: "5.0.0" where the server has none */
	char *text;                /* owned: the reply in one line, fit to be shown */
	bool maybe_duplicate;      /* lost between the final dot and its reply */
};

struct smtp_results {
	struct smtp_result *at; /* in the order of the recipients */
	size_t count;
};
#define AUTO_SMTP_RESULTS __attribute__((cleanup(smtp_results_free))) struct smtp_results
void smtp_results_free(struct smtp_results *r);

/*
 * Blocking: one transaction. *out (replaced) holds a result for each recipient, whatever is
 * returned. DELIVERED only after the server's 2xx to the final dot, which was sent by then.
 * An address that may not stand in an envelope, and a message over the server's SIZE, are
 * REFUSED here and not sent.
 *
 * 0: the connection may be used again, also when nobody was accepted. -1: close it (`dead`
 * is set); recipients without an answer are DEFERRED, those with one keep it. Then `why`
 * is FAULT_TEMP (lost, 421, timeout, cancel), FAULT_LOGIN (530 and the like: the account's
 * fault, nobody's mail is refused for it), FAULT_PROTOCOL (replies that do not fit the
 * commands), or what the source said (the message is then not ended: the server drops it).
 */
int smtp_send(struct smtp *c, const struct smtp_envelope *envelope,
	const struct smtp_source *source, struct smtp_results *out, struct fault *why);

/* Blocking, a few seconds at most: QUIT. Whatever comes of it is no fault. */
void smtp_quit(struct smtp *c);

#endif
