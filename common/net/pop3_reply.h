/*
 * What a POP3 server says, without a socket: bytes in, one fact at a time out.
 *
 * RFC 1939 section 3, RFC 2449. A reply is a status line, and for some commands lines up
 * to a lone dot. The reader says beforehand which shape each answer has, in the order of
 * the commands: POP3 answers bear no tags.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_POP3_REPLY_H
#define COMMON_NET_POP3_REPLY_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: a status line or a line of a list. RFC 2449 section 4 says 512 bytes. */
enum { POP3_LINE_MAX = 4 << 10 };
/* LIMIT: one message, the same as with IMAP: endless ones are cut here. */
#define POP3_BODY_MAX ((uint64_t)2 << 30)

enum pop3_shape {
	POP3_SINGLE, /* a status line */
	POP3_LIST,   /* lines behind +OK: UIDL, LIST, CAPA */
	POP3_TEXT,   /* a message behind +OK: RETR, TOP */
};

enum pop3_kind {
	POP3_MORE,  /* *in is used up: give more bytes */
	POP3_OK,    /* +OK: text; for POP3_LIST and POP3_TEXT more events follow */
	POP3_ERR,   /* -ERR: code, text; nothing follows */
	POP3_ITEM,  /* one line of a list: text */
	POP3_BYTES, /* some of a message, dots unstuffed, borrowed from *in: bytes */
	POP3_END,   /* the lone dot */
};

struct pop3_event {
	enum pop3_kind kind;
	struct slice code; /* RFC 2449 section 8, RFC 3206: "SYS/TEMP", "IN-USE", "AUTH" */
	struct slice text;
	struct slice bytes;
};

struct pop3_reply {
	enum pop3_shape shape;
	bool inside;      /* behind the +OK of a list or a message */
	bool done;        /* line was reported */
	unsigned matched; /* how much of CRLF "." CRLF the last bytes were */
	uint64_t size;    /* of this message so far */
	struct buf line;
};

void pop3_reply_free(struct pop3_reply *r);

/* Before the first byte of each answer. */
void pop3_expect(struct pop3_reply *r, enum pop3_shape shape);

/*
 * Takes what it needs off *in and reports one event; its slices live until the next call, or
 * until the bytes of *in go.
 * Bytes behind the end of an answer are left. 0, or -1 (FAULT_PROTOCOL).
 *
 * Only CRLF "." CRLF ends a message: where a server lets bare LF pass, a line of one dot
 * in the midst of a mail would else cut it and make an answer of its rest.
 */
int pop3_next(struct pop3_reply *r, struct slice *in, struct pop3_event *event,
	struct fault *why);

/* A line of UIDL or LIST: number SP text (the first word of it). False when it is none. */
bool pop3_item_read(struct slice line, uint64_t *number, struct slice *text);

#endif
