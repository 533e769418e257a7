/*
 * From what people write to what stands in an envelope: addresses read, qualified, checked
 * (RFC 5322 section 3.4, RFC 5321 section 4.1.2).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_RECIPIENTS_H
#define RELAY_RECIPIENTS_H

#include "relay/envelope.h"

/*
 * Adds the addresses of a list ("a, B <b@c>, group: d;") to *out, those without a domain
 * with "@hostname". `what` names the list in sentences. An entry that is no address is
 * FAULT_DATA: nobody is left out in silence. A group without members adds none.
 */
int recipients_read(struct slice list, const char *what, const char *hostname,
	struct strings *out, struct fault *why);

/* The same for one argument of a command line, which may hold no control characters. */
int recipients_read_argument(const char *text, const char *hostname, struct strings *out,
	struct fault *why);

/* Line ends, NUL, escapes: what has no place in an address or a name. */
bool recipients_has_control(struct slice text);

/*
 * An envelope sender as given with -f: "a@b", "<a@b>" or "a", which is qualified; "" and
 * "<>" are the null sender. *out is owned. FAULT_DATA.
 */
int sender_read(const char *text, const char *hostname, char **out, struct fault *why);

/* Adds each address once, in order. More than ENVELOPE_RECIPIENTS_MAX is FAULT_DATA. */
int recipients_add_once(const struct strings *list, struct envelope *e, struct fault *why);

#endif
