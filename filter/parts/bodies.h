/*
 * What the test `body` looks at (RFC 5173 section 5): values, each for itself.
 *
 * They are decoded once per message, whatever the number of rules; a value is the same range
 * of the same spool each time, so what was found in it may be kept beside the message.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PARTS_BODIES_H
#define FILTER_PARTS_BODIES_H

#include "filter/parts/text.h"

/*
 * BODY_RAW: all behind the header, one value. BODY_CONTENT: of parts of the named types,
 * leaves decoded (TEXT_DECODED), of a multipart its prologue and its epilogue, of a
 * message/rfc822 the header of its message. BODY_TEXT: leaves of type text (TEXT_PLAIN).
 * A message that is a header only, without an empty line, has no value at all.
 */
enum body_form { BODY_RAW, BODY_CONTENT, BODY_TEXT };

/* What is not 0 ends the walk; -1 with *why, or without when the caller knows more. */
typedef int bodies_visit(const struct text *value, void *context, struct fault *why);

/*
 * Visits the values in the order of the message, which must have a spool. `types` are those
 * of BODY_CONTENT: "text/plain", "text", or "" for all. Returns what the last visit did, or
 * -1 with *why (FAULT_TEMP). But for BODY_RAW message->parts is there afterwards: when it is
 * limited, what was not found may be there all the same.
 */
int bodies_each(struct message *message, enum body_form form, const struct strings *types,
	bodies_visit *visit, void *context, struct fault *why);

#endif
