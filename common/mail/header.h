/*
 * RFC 5322 sections 2.2 and 3.6: the header of a message, field by field.
 *
 * The bytes are looked at as they are, with LF or CRLF line ends, and never changed.
 * Leniencies are listed in LENIENT.md, each pinned by a test.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_HEADER_H
#define COMMON_MAIL_HEADER_H

#include "common/base/buf.h"

struct field {
	struct slice name; /* without colon and blanks before it */
	struct slice body; /* behind the colon, folded as it stands, without the last line end */
	struct slice raw;  /* all of it, the last line end included */
};

/*
 * Takes the next field off *in. 1: *out; 0: the header ends here (the empty line, if any,
 * is taken: *in is the body). Never fails: a line that is neither field nor continuation,
 * a leading From_ line included, is passed over with its continuations, so that no line
 * can hide the fields behind it.
 */
int header_next(struct slice *in, struct field *out);

/*
 * Length of the header with its empty line in what has come so far; -1 when it may go on
 * beyond (`ended`: nothing more will come). 0: the message has no header at all, for its
 * first line (leading From_ lines aside) is no field: it is all body.
 */
ptrdiff_t header_length(struct slice message, bool ended);

/*
 * The same for a message that grows: starts all zero, and each call, with the message from
 * its first byte, looks only at what is new. Once it has answered, ask no more.
 */
struct header_scan {
	size_t line;  /* where the line in question begins */
	size_t ahead; /* bytes of it that are known to hold no line end */
	bool begun;   /* a field was seen */
};
ptrdiff_t header_scan(struct header_scan *scan, struct slice message, bool ended);

/* First field of that name (case-insensitive) from the top: true and *out. */
bool header_find(struct slice header, const char *name, struct field *out);

/*
 * Adds the body unfolded (RFC 5322 2.2.3: line ends before blanks go), blanks trimmed. No
 * LF comes out, whatever the body is; NUL, lone CR and 8-bit bytes pass.
 */
void header_unfold(struct slice body, struct buf *out);

#endif
