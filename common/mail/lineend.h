/*
 * Line ends: CRLF to LF for what is stored, LF to CRLF for what is sent.
 *
 * A lone CR is an ordinary byte for lineend_to_lf. State is kept between calls, so that
 * a CRLF may be cut anywhere.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_LINEEND_H
#define COMMON_MAIL_LINEEND_H

#include "common/base/buf.h"

struct lineend {
	bool after_cr;
	bool line_start; /* set true before the first call of lineend_to_wire */
};

/* Adds the bytes with CRLF as LF. A CR at the very end is held back: lineend_finish. */
void lineend_to_lf(struct lineend *state, struct slice bytes, struct buf *out);
void lineend_finish(struct lineend *state, struct buf *out); /* adds a held-back CR */

/*
 * RFC 5321 section 4.5.2: adds the bytes with every line end (LF, CRLF, lone CR) as CRLF
 * and lines that begin with a dot stuffed; no byte pattern of the message can end DATA
 * early. lineend_wire_end adds a missing last CRLF, and ".\r\n", and makes the state fit
 * for the next message.
 */
void lineend_to_wire(struct lineend *state, struct slice bytes, struct buf *out);
void lineend_wire_end(struct lineend *state, struct buf *out);

#endif
