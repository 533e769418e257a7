/*
 * mailrail-stream(5): the parser inside, for stream_parse.c and stream_lines.c alone.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_STREAM_PARSER_H
#define COMMON_MAIL_STREAM_PARSER_H

#include "common/mail/stream_block.h"

enum stream_state {
	AT_MAGIC,
	AT_PREAMBLE,   /* fields */
	BETWEEN,       /* messages, flush, the last line */
	AT_FRAME,      /* fields */
	IN_MESSAGE,    /* "bytes" or "end" */
	IN_CHUNK,
	AFTER_CHUNK,   /* its LF */
	BEFORE_ABORT,  /* STREAM_CUT was told, the abort behind it not yet */
	ENDED,
	BROKEN,
};

struct stream_parser {
	enum stream_state state;
	struct buf line; /* start of a line, or a line that came in pieces */
	bool line_used;  /* `line` was handed out: clear it before the next */
	struct stream_block block;
	struct preamble preamble;
	struct frame frame;
	struct buf reason;
	uint64_t chunk;    /* bytes of the chunk that are still to come */
	uint64_t size;     /* of the message so far */
	uint64_t messages; /* begun */
	/* The variants of one message: what must come next. All zero when none is open. */
	unsigned next_variant;
	unsigned variants;
	struct buf unit;   /* id */
};

/* Within a message, behind its fields. */
static inline bool stream_in_frame(const struct stream_parser *p)
{
	return p->state >= IN_MESSAGE && p->state <= AFTER_CHUNK;
}

/*
 * One whole line in any state but IN_CHUNK, AFTER_CHUNK, BEFORE_ABORT, ENDED and BROKEN. 1
 * with *event filled; 0 when the line tells the reader nothing; -1 malformed.
 */
int stream_line(struct stream_parser *p, struct slice line, struct stream_event *event,
	struct fault *why);

/* Nothing is read any more: returns -1. The text names the message that is open, if any. */
int stream_malformed(struct stream_parser *p, struct fault *why, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
