/*
 * What an IMAP server says, without a socket: bytes in, one fact at a time out.
 *
 * RFC 3501 section 7 and 9 (RFC 9051 alike). A message body (the literal behind BODY[],
 * RFC822 or BINARY[] of a FETCH) is handed on as it comes and never held; all else of one
 * response is held whole, up to a limit. Lines that end in a bare LF are taken.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_IMAP_REPLY_H
#define COMMON_NET_IMAP_REPLY_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/*
 * LIMIT: one response without message bodies. The longest in use are LIST names and
 * bodies sent as a quoted string; a SEARCH answer is read number by number.
 */
enum { IMAP_TEXT_MAX = 256 << 10 };
/* LIMIT: one message. RFC 3501 allows 4 GiB - 1; nobody sends it, but liars do. */
#define IMAP_BODY_MAX ((uint64_t)2 << 30)

enum imap_kind {
	IMAP_MORE,   /* *in is used up: give more bytes */
	IMAP_TAGGED, /* tag, condition, code, text: a command is answered */
	IMAP_STATUS, /* "* OK ...", "* BYE ...": condition, code, text */
	IMAP_GO_ON,  /* "+ ...": text */
	IMAP_COUNT,  /* "* 5 EXISTS": number, name */
	IMAP_FOUND,  /* number to last, of "* SEARCH ..." or of "* ESEARCH ... ALL ..." */
	IMAP_BODY,   /* a body begins: number is its size; fetch holds what came before it */
	IMAP_BYTES,  /* some of it, borrowed from *in: bytes */
	IMAP_FETCH,  /* the FETCH response is whole: number (sequence), fetch */
	IMAP_DATA,   /* any other "* NAME rest": name, text (for imap_list_read and the like) */
};

enum imap_condition { IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE, IMAP_PREAUTH };

enum imap_body {
	IMAP_BODY_NONE,     /* not in this response */
	IMAP_BODY_NIL,      /* the server has none to give */
	IMAP_BODY_STREAMED, /* came as IMAP_BODY and IMAP_BYTES */
	IMAP_BODY_QUOTED,   /* as a quoted string: `quoted` */
};

/* The items of a FETCH response. All zero when not there: no UID and no date is zero. */
struct imap_fetch {
	uint32_t sequence;
	uint32_t uid;
	bool has_flags;
	bool deleted;
	struct buf flags;   /* without parentheses, parted by one blank; \Recent left out */
	struct buf date;    /* INTERNALDATE as it stands, for date_read_internal */
	bool has_size;
	uint64_t size;      /* RFC822.SIZE */
	enum imap_body body;
	struct buf quoted;
	struct buf header; /* what BODY[HEADER...] gave */
	/* Gmail (X-GM-EXT-1): the same message under other labels has the same number. */
	uint64_t gmail_id;     /* X-GM-MSGID; 0: not told */
	struct strings labels; /* X-GM-LABELS: "\\Important", others in modified UTF-7 */
};

struct imap_event {
	enum imap_kind kind;
	struct slice tag;
	enum imap_condition condition;
	struct slice code; /* inside "[...]" of a response text, without the brackets */
	struct slice text;
	struct slice name;
	uint64_t number;
	uint64_t last;
	struct slice bytes;
	const struct imap_fetch *fetch;
};

struct imap_reply;

struct imap_reply *imap_reply_new(void);
void imap_reply_free(struct imap_reply *r);

/*
 * Takes what it needs off *in and reports one event; slices in it live until the next
 * call. 0, or -1 when the server speaks no IMAP (FAULT_PROTOCOL): then the connection is
 * of no use any more.
 */
int imap_next(struct imap_reply *r, struct slice *in, struct imap_event *event,
	struct fault *why);

/* ---- pieces of a response ---- */

/*
 * astring / nstring: an atom (anything up to a blank or parenthesis), a quoted string or
 * a literal is taken off *in and appended. 1 taken, 0 NIL, -1 malformed.
 */
int imap_string_read(struct slice *in, struct buf *out);

/* mailbox-list: "(" flags ")" SP (DQUOTE char DQUOTE / nil) SP mailbox. */
struct imap_list {
	bool no_select; /* \Noselect or \NonExistent: a node of the tree without messages */
	char delimiter; /* 0: a flat server */
	struct buf name; /* as sent: modified UTF-7, or UTF-8 after ENABLE UTF8=ACCEPT */
	struct buf flags; /* as sent, parted by blanks: "\\HasNoChildren \\Sent" */
};
int imap_list_read(struct slice text, struct imap_list *out, struct fault *why);
void imap_list_free(struct imap_list *l);

/* RFC 2342: the first personal namespace, and the prefixes of all others. */
struct imap_namespace {
	struct buf prefix;     /* "INBOX." */
	char delimiter;        /* 0: not told */
	struct strings others; /* "#shared/" */
};
int imap_namespace_read(struct slice text, struct imap_namespace *out, struct fault *why);
void imap_namespace_free(struct imap_namespace *n);

/* "mailbox (MESSAGES 3 UNSEEN 1)"; unknown items are passed over. */
struct imap_status {
	struct buf name;
	bool has_messages, has_unseen;
	uint64_t messages, unseen;
	uint64_t next, validity, modseq; /* UIDNEXT and so on; 0: not told */
};
int imap_status_read(struct slice text, struct imap_status *out, struct fault *why);

/* "UIDVALIDITY 17" of a response code: true when the code bears this name and a number. */
bool imap_code_number(struct slice code, const char *name, uint64_t *out);

/* Adds the text as a quoted string; false (nothing added) when it holds CR, LF or NUL. */
bool imap_quote(struct buf *out, struct slice text);

#endif
