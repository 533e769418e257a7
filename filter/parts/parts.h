/*
 * The parts of one message (RFC 2045, 2046): what each is and where it stands.
 *
 * Found in one pass over the message when they are first asked for, and kept with it: a
 * changed message has its own. Part 0 is the message itself; the others follow as they stand
 * in it, each before the parts that it holds, a message/rfc822 before its message. Bounded
 * by MIME_PARTS_MAX and MIME_DEPTH_MAX (common/mail/mime.h): what is beyond is not looked
 * into, and `limited` is set.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PARTS_PARTS_H
#define FILTER_PARTS_PARTS_H

#include "common/mail/mime.h"
#include "filter/message.h"
#include "filter/spool.h"

/* Bytes of the message as they stand, or decoded in a spool that lives as long. */
struct text {
	const struct message *message; /* or NULL */
	const struct spool *spool;
	uint64_t at;
	uint64_t len;
};

struct part {
	size_t parent; /* PART_NONE: of the message itself */
	size_t end;    /* behind the last part in it: it holds those from its own number + 1 on */
	const char *type;    /* "text": lower case */
	const char *subtype; /* "plain" */
	const char *charset; /* as it is named; "" when none is */
	enum transfer_kind encoding;
	bool encoding_unknown; /* a name that nobody knows: taken as identity */
	bool is_multipart;     /* of which prologue and epilogue are its own text */
	bool is_message;       /* its one part is the message in it */
	bool header_only;      /* it ends without an empty line: no body */
	uint64_t header_at;    /* offsets in the message */
	uint64_t body_at;
	uint64_t end_at;
	uint64_t prologue_end; /* multipart: from body_at */
	uint64_t epilogue_at;  /* multipart: up to end_at, where it is when there is none */

	/* for text.c and headers.c */
	char *words; /* owned: type, subtype, charset */
	bool is_decoded;
	bool is_plain;
	struct text decoded;
	struct text plain;
	struct message *header; /* owned; NULL until asked for */
	struct buf header_bytes;
};

#define PART_NONE SIZE_MAX

struct parts {
	struct part *at;
	size_t count;
	bool limited; /* not all was looked into */

	struct spool decoded; /* for text.c: texts of parts, one behind the other */
	size_t headers_held;  /* for headers.c: bytes */
};

/*
 * The parts of the message, which must have a spool. Owned by the message; NULL with
 * FAULT_TEMP when the spool cannot be read.
 */
struct parts *parts_of(struct message *message, struct fault *why);

#endif
