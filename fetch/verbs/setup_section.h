/*
 * What mr-fetch setup found out, as text for the configuration.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_SETUP_SECTION_H
#define FETCH_VERBS_SETUP_SECTION_H

#include "common/net/server.h"

/* Of one server; all borrowed. */
struct setup_section {
	const char *name; /* of the group */
	enum wire_protocol protocol; /* WIRE_SMTP: a smart host */
	/* host, port, tls, user, trust.ca_file and the client of oauth count */
	const struct server *server;
	const char *oauth;            /* value of the setting, or NULL */
	const char *password_command; /* or NULL */
	const char *password;         /* written into the file; NULL: it is not */
};

/* The group as whole lines, indented by two blanks. */
void setup_section_write(const struct setup_section *s, struct buf *out);

/* The text in quotes as libconfig reads it. */
void setup_section_quote(const char *text, struct buf *out);

#endif
