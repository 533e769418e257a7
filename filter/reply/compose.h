/*
 * Fields of a message that is put together here (RFC 5322 section 3.6), lines ending with LF.
 *
 * Values may be anything, strangers' text too: no control byte, hence no line end, comes
 * through, and what is no UTF-8 becomes U+FFFD.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_COMPOSE_H
#define FILTER_REPLY_COMPOSE_H

#include "common/mail/address.h"
#include "filter/message.h"

/* LIMIT: characters of an unstructured field; more is cut with "...". */
enum { COMPOSE_TEXT_MAX = 500 };
/* LIMIT: messages that a References field names; the first and the last are kept. */
enum { COMPOSE_REFERENCES_MAX = 20 };
/* LIMIT: bytes of a message that is put together: it travels in one line of the stream. */
enum { COMPOSE_MAX = 256 << 10 };

/* Adds the text as clean UTF-8 in one line, blanks trimmed, of at most `most` characters. */
void compose_clean(struct slice text, size_t most, struct buf *out);

/*
 * Adds "NAME: TEXT", folded. Text that is no ASCII as encoded words, and only then
 * (RFC 5230 section 4.3). The name must be fit for a field.
 */
void compose_text(struct buf *out, const char *name, struct slice text);

/* Adds "NAME: a@b, c@d", one to a line. The addresses are valid ones. */
void compose_addresses(struct buf *out, const char *name, const struct strings *addresses);

/* Adds Date, in the zone of this machine. */
void compose_date(struct buf *out, int64_t now);

/* The first msg-id "<...>" of a text, without blanks and controls; false when none. */
bool compose_find_id(struct slice text, struct slice *id);

/* Adds In-Reply-To and References (RFC 5322 3.6.4), if the message has an identity. */
void compose_thread(struct buf *out, struct message *m);

/*
 * Adds Message-ID, in the domain of the address `from`. It is a digest of the message's id
 * and header, of the rule and of the recipient, and of nothing else: who decides again over
 * the same message says the same.
 */
void compose_message_id(struct buf *out, const struct message *m, const char *rule,
	struct slice recipient, struct slice from);

#endif
