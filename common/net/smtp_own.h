/*
 * One transaction under way. For common/net/smtp*.c only.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SMTP_OWN_H
#define COMMON_NET_SMTP_OWN_H

#include "common/net/smtp.h"
#include "common/net/smtp_talk.h"

/* LIMIT: commands in flight; their replies fit the buffers of both sides. */
enum { SMTP_IN_FLIGHT = 100 };

/* LIMIT: bytes of the message waiting to be sent. */
enum { SMTP_AHEAD = 128 * 1024 };

enum smtp_command { SMTP_RSET, SMTP_MAIL, SMTP_RCPT, SMTP_DATA };

struct transaction {
	struct smtp *c;
	struct wire *w;
	const struct smtp_envelope *envelope;
	const struct smtp_source *source;
	struct smtp_results *results;
	struct smtp_reply reply;

	size_t next;     /* the next command: 0 RSET, 1 MAIL, 2.. RCPT, count + 2 DATA */
	size_t answered; /* all commands before this are */
	bool reset;      /* RSET stands first */
	bool pipelining;
	bool over;       /* no further command: MAIL was refused, or everybody */
	bool go_ahead;   /* 354 */
	size_t accepted; /* recipients */
	enum smtp_stage stage;
};

/* A reply that ends the connection, whatever was asked: 421, or the account's fault. */
int smtp_check_fatal(struct transaction *t, struct fault *why);

/* FAULT_PROTOCOL: the reply fits nothing that was asked. */
int smtp_unfit(struct transaction *t, struct fault *why);

/* Gives the reply to one recipient, or to all that have none yet. */
void smtp_give(struct transaction *t, size_t index, enum smtp_verdict verdict);
void smtp_give_open(struct transaction *t, enum smtp_verdict verdict);
enum smtp_verdict smtp_verdict_of(const struct smtp_reply *r);

/* A finding of our own for one recipient. */
void smtp_find(struct smtp_result *r, enum smtp_verdict verdict, const char *enhanced,
	const char *text);

/* After 354: the message, the final dot, its reply. */
int smtp_body(struct transaction *t, struct fault *why);

/* After 354 although nobody was accepted: a lone dot. */
int smtp_no_body(struct transaction *t, struct fault *why);

#endif
