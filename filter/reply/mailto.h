/*
 * mailto URIs: RFC 6068, with what RFC 5436 section 2.7 makes of their fields.
 *
 *	mailtoURI = "mailto:" [ to ] [ "?" hfield *( "&" hfield ) ] [ "#" fragment ]
 *	to        = addr-spec *( "," addr-spec )
 *	hfield    = hfname "=" hfvalue
 *
 * A fragment is passed over, "/" is taken where RFC 6068 wants it encoded.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_MAILTO_H
#define FILTER_REPLY_MAILTO_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: of one URI: bytes, recipients, fields. */
enum { MAILTO_MAX = 64 << 10, MAILTO_RECIPIENTS_MAX = 100, MAILTO_FIELDS_MAX = 50 };
/* LIMIT: bytes of the name of a field. */
enum { MAILTO_NAME_MAX = 70 };

/* All owned; NULL is absent. All zero is empty. */
struct mailto {
	struct strings to; /* fit for an envelope, with a domain, each once */
	struct strings cc; /* those that are not in `to` */
	char *subject;     /* UTF-8, encoded words decoded, without a control byte */
	char *body;        /* UTF-8 without NUL; lines end as the URI has them */
	/* Other fields that a message may have: at most one of a name, first letter a capital,
	 * value as for `subject` but with its encoded words. */
	struct strings names;
	struct strings values;
};

/* The scheme is "mailto", whatever follows. */
bool mailto_is(struct slice uri);

/*
 * 0; or -1 and FAULT_RUNTIME when it is none: a character that may not stand in a URI, "%"
 * without two digits, what is no address with a domain, no UTF-8, a control byte outside of
 * the body. Fields that a URI must not set (From, Date, Received, Auto-Submitted, Content-
 * and Resent- fields, Bcc, ...) are passed over, and all but the first of a name. No
 * recipient at all is right: "mailto:" is a URI.
 */
int mailto_read(struct slice uri, struct mailto *out, struct fault *why);
void mailto_free(struct mailto *m);
#define AUTO_MAILTO __attribute__((cleanup(mailto_free))) struct mailto

#endif
