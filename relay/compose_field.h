/*
 * The header fields that a submission's header is looked at for: RFC 5322 section 3.6.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_COMPOSE_FIELD_H
#define RELAY_COMPOSE_FIELD_H

#include "common/base/slice.h"

enum {
	FIELD_ADDRESSES = 1,  /* its addresses are qualified */
	FIELD_RECIPIENTS = 2, /* -t reads it */
	FIELD_HIDDEN = 4,     /* it is not stored */
	FIELD_RESENT = 8,     /* of a Resent block (RFC 5322 3.6.6) */
	FIELD_TRACE = 16,     /* parts Resent blocks */
};

struct compose_field {
	const char *name;
	unsigned traits;
};

/* Rows by number: those that are supplied stand first. One bit for each fits an unsigned. */
enum { ROW_FROM, ROW_DATE, ROW_MESSAGE_ID, COMPOSE_FIELDS = 18 };

extern const struct compose_field compose_fields[COMPOSE_FIELDS];

/* The row of that name, ASCII case ignored; NULL: of no concern. */
const struct compose_field *compose_field_find(struct slice name);

#endif
