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
 * is taken). A line that is neither field nor continuation: see LENIENT.md.
 */
int header_next(struct slice *in, struct field *out);

/*
 * Length of the header with its empty line in what has come so far; -1 when it may go on
 * beyond (`ended`: nothing more will come). 0: the message has no header at all.
 */
ptrdiff_t header_length(struct slice message, bool ended);

/* First field of that name (case-insensitive) from the top: true and *out. */
bool header_find(struct slice header, const char *name, struct field *out);

/* Adds the body unfolded (RFC 5322 2.2.3: line ends before blanks go), blanks trimmed. */
void header_unfold(struct slice body, struct buf *out);

#endif
