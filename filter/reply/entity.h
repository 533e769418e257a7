/*
 * A reply that the rule gives as a MIME entity (RFC 5230 section 4.4, RFC 2045 2.4).
 *
 *	entity = *( "Content-" field / "MIME-Version" field ) [ empty-line body ]
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_ENTITY_H
#define FILTER_REPLY_ENTITY_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/*
 * FAULT_RUNTIME when it is none: a field that belongs to the message and not to its content,
 * a byte beyond ASCII or a control byte in a field, a line that may not travel.
 */
int entity_check(struct slice entity, struct fault *why);

/* Adds MIME-Version, its fields, the empty line and its body, lines ending with LF. */
void entity_put(struct slice entity, struct buf *out);

#endif
