/*
 * RFC 2045, 2046, 2183: the parts of a message, as its bytes come.
 *
 * A push parser: it is fed slices of any size and calls back; where the slices are cut
 * makes no difference but to the size of the pieces given out. It holds one header and some
 * lines, never a body. It refuses nothing: LENIENT.md says what becomes of bad structure.
 *
 * Order of events, for RFC 5173 and others:
 *
 *	part      = begin [ body ] end
 *	body      = *( raw decoded )                        ; a leaf: MIME_BODY
 *	          / *( MIME_PROLOGUE ) *part *( MIME_EPILOGUE ) ; multipart: its own bytes only
 *	          / part                                    ; message/rfc822: its message
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_MIME_H
#define COMMON_MAIL_MIME_H

#include "common/base/buf.h"
#include "common/mail/transfer.h"

/* LIMIT: parts within parts; a container deeper than that is a leaf (CVE-2020-12100). */
enum { MIME_DEPTH_MAX = 100 };
/* LIMIT: parts of one message; the rest of the multipart counts as its epilogue. */
enum { MIME_PARTS_MAX = 10000 };
/* LIMIT: of a header; what is beyond is passed over, as mr-filter's rules do (DESIGN 3). */
enum { MIME_HEADER_MAX = 1 << 20 };
/* LIMIT: a line of RFC 5322; a longer boundary is none. */
enum { MIME_BOUNDARY_MAX = 998 };
/* LIMIT: of each other text of a part; a longer one is cut. */
enum { MIME_TEXT_MAX = 1024 };

enum mime_place { MIME_BODY, MIME_PROLOGUE, MIME_EPILOGUE };

/* Slices are never NULL, and live as long as the part but for `header`. */
struct mime_part {
	const struct mime_part *parent; /* NULL: the message itself */
	size_t depth;                   /* 0: the message itself */
	size_t number;                  /* 0: the message itself, 1: the first part in it, ... */
	struct slice type;              /* "text": lower case, the default when it is missing */
	struct slice subtype;           /* "plain" */
	struct slice charset;           /* as it stands; empty when none is named */
	struct slice boundary;
	struct slice disposition; /* "attachment": lower case; empty when none */
	struct slice filename;    /* clean UTF-8, of Content-Disposition or -Type; empty */
	struct slice header;      /* raw, its empty line included; only during begin */
	uint64_t header_at;       /* where it begins in the message */
	uint64_t body_at;         /* where the body begins, known at begin */
	uint64_t end_at;          /* where the body ends, no boundary with it; known at end */
	enum transfer_kind encoding;
	bool encoding_unknown;    /* one is named that nobody knows; it is taken as identity */
	bool is_multipart;        /* with a boundary that can be used, not too deep */
	bool is_message;          /* message/rfc822 or /global that is looked into */
	bool header_only;         /* it ends without an empty line: it has no body at all */
	void *user;               /* the caller's, NULL at begin */
};

/* Any may be NULL. Bytes are given out in pieces, and live during the call. */
struct mime_events {
	void (*begin)(void *context, struct mime_part *part);
	/* As they stand in the message, line ends too, without what belongs to boundaries. */
	void (*raw)(void *context, struct mime_part *part, enum mime_place place,
		struct slice bytes);
	/* Transfer encoding undone (of leaves; containers have none), text perhaps as UTF-8. */
	void (*decoded)(void *context, struct mime_part *part, enum mime_place place,
		struct slice bytes);
	void (*end)(void *context, struct mime_part *part);
};

struct mime;

/* `events` and `context` are borrowed. `to_utf8`: leaves of type text come as UTF-8. */
struct mime *mime_new(const struct mime_events *events, void *context, bool to_utf8);
void mime_feed(struct mime *m, struct slice bytes);
void mime_finish(struct mime *m); /* the message ends: all parts end. Feed no more */
void mime_free(struct mime *m);
#define AUTO_MIME __attribute__((cleanup(mime_free_at))) struct mime
void mime_free_at(struct mime **m);

/* One of the limits on depth, parts or header was met: not all was looked into. */
bool mime_limited(const struct mime *m);

#endif
