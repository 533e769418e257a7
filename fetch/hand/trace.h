/*
 * Fields that an account wants in front of its messages: where from, for whom, which folder.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_HAND_TRACE_H
#define FETCH_HAND_TRACE_H

#include "common/base/settings.h"
#include "common/mail/frame.h"
#include "common/net/server.h"

struct trace {
	bool received;
	char *delivered_to; /* an address, or "recipient": those of the frame */
	char *folder_field; /* name of a field */
};

/* Rows for a struct `type` that has `struct trace member`. */
#define TRACE_SETTINGS(type, member)                                                        \
	SETTING(type, member.received, "received", BOOL, "false",                               \
		"put a Received field in front"),                                               \
	SETTING(type, member.delivered_to, "delivered-to", TEXT, NULL,                          \
		"put Delivered-To in front: an address, or \"recipient\""),                     \
	SETTING(type, member.folder_field, "folder-field", TEXT, NULL,                          \
		"put a field of this name in front that holds the folder")

/* Settings that cannot be meant so: FAULT_CONFIG; the text names the setting. */
int trace_check(const struct trace *t, struct fault *why);

/* Any field at all? */
bool trace_wanted(const struct trace *t);

/* How the message came: "IMAP4" or "POP3". */
struct trace_way {
	const char *protocol;
	const struct server *server;
	int64_t now; /* seconds since 1970 */
};

/*
 * Adds the fields, with CRLF or LF: topmost Received (RFC 5321 section 4.4), then
 * Delivered-To, then the folder's. Nothing that the other side chose ends a line.
 */
void trace_put(const struct trace *t, const struct trace_way *way, const struct frame *frame,
	bool crlf, struct buf *out);

#endif
