/*
 * Whose mail it is: the addresses that belong to the user (RFC 5230 section 4.5).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_OWN_H
#define FILTER_REPLY_OWN_H

#include "filter/message.h"
#include "filter/settings.h"

/*
 * Adds the recipients of the envelope, the one before it was rewritten ("orig-to" of the
 * frame), and those of the setting `addresses`. What is no address is left out.
 */
void own_addresses(const struct message *m, const struct filter_settings *settings,
	struct strings *out);

/* Adds one address, if it is one: name@domain, also with a name before it. */
void own_add(struct strings *own, struct slice text);

/* Is it one of them? Case does not count, not even before the "@": people do not mind it. */
bool own_has(const struct strings *own, struct slice address);

/*
 * Replaces *out by the first of them that stands in To, Cc, Bcc, Resent-To, Resent-Cc or
 * Resent-Bcc; false when none does.
 */
bool own_named(struct message *m, const struct strings *own, struct buf *out);

/*
 * The address to write in the user's name: the one that the message was sent to, else the
 * first that is known. False when none is.
 */
bool own_choose(struct message *m, const struct strings *own, struct buf *out);

#endif
