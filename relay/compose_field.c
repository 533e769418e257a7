/*
 * Fields of submissions: see compose_field.h. What is not here passes as it is.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/compose_field.h"

const struct compose_field compose_fields[COMPOSE_FIELDS] = {
	{ "From", FIELD_ADDRESSES },
	{ "Date", 0 },
	{ "Message-ID", 0 },
	{ "Sender", FIELD_ADDRESSES },
	{ "Reply-To", FIELD_ADDRESSES },
	{ "To", FIELD_ADDRESSES | FIELD_RECIPIENTS },
	{ "Cc", FIELD_ADDRESSES | FIELD_RECIPIENTS },
	{ "Bcc", FIELD_RECIPIENTS | FIELD_HIDDEN },
	{ "Resent-From", FIELD_ADDRESSES | FIELD_RESENT },
	{ "Resent-Sender", FIELD_ADDRESSES | FIELD_RESENT },
	{ "Resent-Reply-To", FIELD_ADDRESSES | FIELD_RESENT },
	{ "Resent-To", FIELD_ADDRESSES | FIELD_RECIPIENTS | FIELD_RESENT },
	{ "Resent-Cc", FIELD_ADDRESSES | FIELD_RECIPIENTS | FIELD_RESENT },
	{ "Resent-Bcc", FIELD_RECIPIENTS | FIELD_HIDDEN | FIELD_RESENT },
	{ "Resent-Date", FIELD_RESENT },
	{ "Resent-Message-ID", FIELD_RESENT },
	{ "Return-Path", FIELD_HIDDEN },
	{ "Received", FIELD_TRACE },
};

const struct compose_field *compose_field_find(struct slice name)
{
	for (int i = 0; i < COMPOSE_FIELDS; i++) {
		if (slice_is_case(name, compose_fields[i].name))
			return &compose_fields[i];
	}
	return NULL;
}
