/*
 * mailrail-stream(5): the wire format, without descriptors.
 *
 *	stream    = preamble *( message / flush ) ( done / abort )
 *	preamble  = "%mailrail-stream 1" LF *field LF
 *	message   = "message" LF *field LF *chunk ( end / cut )
 *	field     = name ": " value LF           ; value: bytes below 0x20, 0x7f and "%" as %XX
 *	chunk     = "bytes " 1*DIGIT LF *OCTET LF
 *	end       = "end ok " 1*DIGIT LF         ; sum of the chunks
 *	cut       = "end abort " reason LF       ; the source broke off: drop what came
 *	flush     = "flush" LF                   ; nothing more for now: commit what you have
 *	done      = "done " 1*DIGIT LF           ; messages, cut ones included; the variants of
 *	                                         ; one message count once
 *	abort     = "abort " reason LF
 *
 * The first line holds no colon and begins with "%": it is no header field. Bytes of a
 * message are never escaped or changed. A field may stand more than once where its
 * meaning is a list (rcpt-to, action). `actions: N` (N > 0) stands before N `action`
 * fields. No value holds a NUL. mailrail-stream(5) says all of it.
 *
 * Variants of one message come as 1/n ... n/n, one right behind the other (no flush
 * between), all with the same id: one unit, kept or dropped as a whole.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_STREAM_H
#define COMMON_MAIL_STREAM_H

#include <stdint.h>

#include "common/base/fault.h"
#include "common/mail/frame.h"

#define STREAM_MAGIC "%mailrail-stream 1\n"
/* What tells a stream of any version from a message. */
#define STREAM_MAGIC_START "%mailrail-stream "

/* LIMIT: one chunk; LIMIT: one line of a block (an action may carry a long text). */
enum { STREAM_CHUNK_MAX = 1 << 20, STREAM_LINE_MAX = 1 << 20 };
/* LIMIT: the lines of one block together, so that a block cannot eat the memory. */
enum { STREAM_BLOCK_MAX = 4 << 20 };
/* LIMIT: an id, so that a receipt with it fits into a line; LIMIT: variants of a message. */
enum { STREAM_ID_MAX = 8192, STREAM_VARIANTS_MAX = 1000 };
/* LIMIT: the nonce of a receipt socket: letters and digits. */
enum { STREAM_NONCE_MIN = 16, STREAM_NONCE_MAX = 64 };

enum receipts_way { RECEIPTS_NONE, RECEIPTS_STDOUT, RECEIPTS_UNIX };

struct preamble {
	struct buf program;    /* "mr-fetch 0.1.0" */
	enum receipts_way way; /* "receipts: stdout" / "receipts: unix PATH NONCE" / no line */
	struct buf path;       /* of the socket */
	struct buf nonce;
	struct strings others; /* unknown fields: passed on */
};

void preamble_clear(struct preamble *p);

/*
 * ---- writing: each adds to *out; nothing can fail ----
 *
 * What is written is not checked: a frame with decided but without actions, a text with a
 * NUL or an id over the limit makes a stream that its reader refuses (and nothing is lost).
 */

void stream_put_preamble(struct buf *out, const struct preamble *p);
void stream_put_frame(struct buf *out, const struct frame *f);
void stream_put_bytes(struct buf *out, struct slice bytes); /* any length, cut into chunks */
void stream_put_end(struct buf *out, uint64_t size);
void stream_put_cut(struct buf *out, const char *reason);
void stream_put_flush(struct buf *out);
void stream_put_done(struct buf *out, uint64_t count);
void stream_put_abort(struct buf *out, const char *reason);

/* Adds what an event was, so that a program passes on what it does not change. */
struct stream_event;
void stream_put_event(struct buf *out, const struct stream_event *event);

/* ---- reading: a push parser ---- */

enum stream_kind {
	STREAM_MORE,     /* *in is used up: give more bytes */
	STREAM_PREAMBLE, /* event.preamble */
	STREAM_FRAME,    /* event.frame: a message begins */
	STREAM_BYTES,    /* event.bytes: some of its bytes, borrowed from *in */
	STREAM_END,      /* whole; event.size */
	STREAM_CUT,      /* drop what came, all variants of it; event.reason. An abort
			  * between two variants is told as CUT, then ABORT */
	STREAM_FLUSH,
	STREAM_DONE,  /* event.size messages; nothing may follow */
	STREAM_ABORT, /* event.reason; nothing may follow */
};

struct stream_event {
	enum stream_kind kind;
	const struct preamble *preamble; /* borrowed from the parser */
	struct frame *frame; /* FRAME: borrowed, valid and changeable until the next frame;
			      * CUT: the same, NULL when it was between two variants */
	struct slice bytes;
	uint64_t size;
	struct slice reason; /* decoded; borrowed until the next call */
	bool torn; /* CUT, ABORT: the input ended; no program wrote this, so say it */
};

struct stream_parser;

struct stream_parser *stream_parser_new(void);
void stream_parser_free(struct stream_parser *p);

/*
 * Takes what it needs off *in and reports one event. 0, or -1 when the stream is
 * malformed (FAULT_TEMP: a program of the pipe is broken; nothing of the open message may
 * be stored). Wrong counts (bytes, actions, messages) are malformed.
 */
int stream_next(struct stream_parser *p, struct slice *in, struct stream_event *event,
	struct fault *why);

/*
 * To be called at the end of the input until it returns 0: 1 and *event is STREAM_CUT when
 * a message or a unit of variants is open, then STREAM_ABORT when there was no last line.
 * -1 (FAULT_TEMP): it ended before the preamble was whole.
 */
int stream_input_ended(struct stream_parser *p, struct stream_event *event, struct fault *why);

/* True between STREAM_FRAME and its end, and between the variants of one message. */
bool stream_in_message(const struct stream_parser *p);

/* Value encoding of fields and reasons; also a space when `word` (ids in receipts). */
void stream_encode(struct buf *out, struct slice value, bool word);

/* Adds the decoded value. False when it is none: a control byte, a "%" without two hex
 * digits, or a NUL (what stood before it was added). */
bool stream_decode(struct buf *out, struct slice value);

#endif
