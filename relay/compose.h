/*
 * The header of a submission on its way into the queue (RFC 6409 section 8, RFC 5322
 * section 3.6): fields that must not leave are dropped, those that must be there are
 * supplied, addresses get a domain, recipients are collected. The body passes untouched.
 *
 * A push parser: bytes come in pieces of any size and leave as they come; only address
 * fields are held, so that neither a long header nor a long line costs memory. Lines that
 * are no fields are treated as in common/mail/LENIENT.md. A lone CR in a header ends a
 * line, since it does so on the wire: no field can hide behind one.
 *
 * Dropped: Bcc, Resent-Bcc, Return-Path, and From_ lines of an mbox in front.
 * Supplied at the end of the header when missing: From, Date, Message-ID.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_COMPOSE_H
#define RELAY_COMPOSE_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: one address field; longer ones pass unqualified, or are FAULT_DATA under -t. */
enum { COMPOSE_FIELD_MAX = 4 << 20 };

/* All borrowed. */
struct compose_plan {
	const char *hostname;   /* for addresses without a domain */
	const char *from;       /* bodies of the fields to supply, without line end */
	const char *date;
	const char *message_id;
	bool take_recipients; /* -t */
};

struct compose;

struct compose *compose_new(const struct compose_plan *plan);
void compose_free(struct compose *c);
#define AUTO_COMPOSE __attribute__((cleanup(compose_free_at))) struct compose
void compose_free_at(struct compose **c);

/* Takes bytes with LF line ends and adds what is to be stored. FAULT_DATA: bad addresses. */
int compose_push(struct compose *c, struct slice bytes, struct buf *out, struct fault *why);

/* The input has ended. */
int compose_finish(struct compose *c, struct buf *out, struct fault *why);

/*
 * Recipients that the header names, qualified and checked, repetitions included: of To, Cc
 * and Bcc; where there are Resent- fields only those of the first (newest) Resent block.
 * Empty without take_recipients. Borrowed; complete after compose_finish.
 */
const struct strings *compose_recipients(const struct compose *c);

#endif
