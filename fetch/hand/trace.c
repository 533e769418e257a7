/*
 * Trace fields: see trace.h. RFC 5321 section 4.4:
 *
 *	Received: from HOST by US with IMAP4S (mr-fetch VERSION)
 *		for <RECIPIENT>; DATE
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/trace.h"

#include <ctype.h>
#include <unistd.h>

#include "common/mail/address.h"
#include "common/mail/date.h"
#include "common/mail/word.h"

static const char to_recipients[] = "recipient";

int trace_check(const struct trace *t, struct fault *why)
{
	struct fault how;

	for (const char *c = t->folder_field; c && *c; c++) {
		if ((unsigned char)*c <= 32 || (unsigned char)*c >= 127 || *c == ':')
			return fault_set(why, FAULT_CONFIG,
				"folder-field: \"%s\" is no name of a field", t->folder_field);
	}
	if (t->folder_field && !*t->folder_field)
		return fault_set(why, FAULT_CONFIG, "folder-field is empty");
	if (!t->delivered_to || strcmp(t->delivered_to, to_recipients) == 0)
		return 0;
	if (address_check_envelope(slice_text(t->delivered_to), &how) < 0)
		return fault_set(why, FAULT_CONFIG, "delivered-to: %s", how.text);
	return 0;
}

bool trace_wanted(const struct trace *t)
{
	return t->received || t->delivered_to || t->folder_field;
}

static bool is_host(const char *name)
{
	for (const char *c = name; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr(".-_:", *c))
			return false;
	}
	return *name != '\0';
}

/* RFC 5321 section 4.1.3: an address that is no name stands in brackets. */
static void put_host(struct buf *out, const char *name)
{
	if (!name || !is_host(name))
		buf_add_text(out, "localhost");
	else if (strchr(name, ':'))
		buf_addf(out, "[IPv6:%s]", name);
	else if (strspn(name, "0123456789.") == strlen(name))
		buf_addf(out, "[%s]", name);
	else
		buf_add_text(out, name);
}

/* For one only: the others need not know of each other (RFC 5321 section 7.2). */
static void put_for(struct buf *out, const struct trace_way *way, const struct frame *frame)
{
	AUTO_BUF whom = { 0 };
	const char *user = way->server->user;

	if (frame->rcpt_to.count > 1 || (frame->rcpt_to.count == 0 && !user))
		return;
	buf_add_text(&whom, frame->rcpt_to.count ? frame->rcpt_to.at[0] : user);
	if (!strchr(buf_text(&whom), '@') && way->server->host && is_host(way->server->host)) {
		buf_add_byte(&whom, '@');
		put_host(&whom, way->server->host);
	}
	if (address_check_envelope(buf_slice(&whom), NULL) == 0)
		buf_addf(out, "\n\tfor <%s>", buf_text(&whom));
}

static void put_received(struct buf *out, const struct trace_way *way,
	const struct frame *frame)
{
	char us[256] = "";

	if (gethostname(us, sizeof(us) - 1) < 0)
		us[0] = '\0';
	buf_add_text(out, "Received: from ");
	put_host(out, way->server->host);
	buf_add_text(out, " by ");
	put_host(out, us);
	buf_addf(out, "\n\twith %s%s (mr-fetch " MAILRAIL_VERSION ")", way->protocol,
		way->server->tls == WIRE_TLS_NONE ? "" : "S");
	put_for(out, way, frame);
	buf_add_text(out, ";\n\t");
	date_put_header(out, way->now);
	buf_add_byte(out, '\n');
}

static void put_delivered(struct buf *out, const struct trace *t, const struct frame *frame)
{
	if (strcmp(t->delivered_to, to_recipients) != 0) {
		buf_addf(out, "Delivered-To: %s\n", t->delivered_to);
		return;
	}
	for (size_t i = 0; i < frame->rcpt_to.count; i++)
		buf_addf(out, "Delivered-To: %s\n", frame->rcpt_to.at[i]);
}

void trace_put(const struct trace *t, const struct trace_way *way, const struct frame *frame,
	bool crlf, struct buf *out)
{
	AUTO_BUF text = { 0 };
	struct slice rest;
	struct slice line;

	if (t->received)
		put_received(&text, way, frame);
	if (t->delivered_to)
		put_delivered(&text, t, frame);
	if (t->folder_field) {
		buf_addf(&text, "%s: ", t->folder_field);
		word_encode(buf_slice(&frame->folder), &text);
		buf_add_byte(&text, '\n');
	}
	rest = buf_slice(&text);
	while (slice_line(&rest, &line)) {
		buf_add_slice(out, line);
		buf_add_text(out, crlf ? "\r\n" : "\n");
	}
}
