/*
 * Groups of the configuration: see setup_section.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/setup_section.h"

void setup_section_quote(const char *text, struct buf *out)
{
	buf_add_byte(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < ' ' || c == 127)
			buf_addf(out, "\\x%02x", (unsigned)c);
		else
			buf_add_byte(out, *text);
	}
	buf_add_byte(out, '"');
}

static void put(struct buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	buf_addf(out, "    %s = ", name);
	setup_section_quote(value, out);
	buf_add_byte(out, '\n');
}

static void put_secret(const struct setup_section *s, struct buf *out)
{
	const struct oauth_settings *o = &s->server->oauth;

	put(out, "oauth", s->oauth);
	if (s->oauth && o->client_id)
		put(out, "client-id", o->client_id);
	else if (s->oauth)
		buf_add_text(out, "    # client-id = \"...\"   # yours: mailrail.conf(5)\n");
	if (s->oauth) {
		put(out, "client-secret-command", o->client_secret_command);
		return;
	}
	put(out, "password-command", s->password_command);
	put(out, "password", s->password);
	if (!s->password_command && !s->password)
		buf_addf(out, "    # password-command = \"pass show mail/%s\"\n", s->name);
}

void setup_section_write(const struct setup_section *s, struct buf *out)
{
	const struct server *server = s->server;

	buf_addf(out, "  %s: {\n", s->name);
	if (s->protocol != WIRE_SMTP)
		put(out, "protocol", s->protocol == WIRE_IMAP ? "imap" : "pop3");
	put(out, "host", server->host);
	if (server->port != wire_default_port(s->protocol, (enum wire_tls)server->tls))
		buf_addf(out, "    port = %ld\n", server->port);
	if (server->tls == WIRE_TLS_STARTTLS)
		put(out, "tls", "starttls");
	put(out, "ca-file", server->trust.ca_file);
	put(out, "user", server->user);
	put_secret(s, out);
	if (s->protocol != WIRE_SMTP)
		buf_add_text(out, "    keep = true   # all mail stays on the server; false: "
			"what is stored here is deleted there\n");
	buf_add_text(out, "  }\n");
}
