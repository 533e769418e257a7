/*
 * Parameters of MIME fields: RFC 2045 section 5.1, RFC 2183, RFC 2231.
 *
 *	value     = main *( ";" parameter )
 *	parameter = name [ "*" 1*DIGIT ] [ "*" ] "=" ( token / quoted-string / extended )
 *	extended  = [ charset "'" language "'" ] *( OCTET / "%" 2HEX )
 *
 * Values are unfolded. Comments and blanks may stand between all parts. Each call takes
 * n log n of the value's length; it is bounded by the header's limit.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_PARAMETER_H
#define COMMON_MAIL_PARAMETER_H

#include "common/base/buf.h"

/* What stands before the first ";", without comments and blanks at its ends. */
struct slice parameter_main(struct slice value);

/*
 * Adds the value of the parameter, continuations put in order and joined, percent signs
 * and quotes decoded, its bytes as they are. False when there is none.
 */
bool parameter_bytes(struct slice value, const char *name, struct buf *out);

/*
 * The same as clean UTF-8 (no NUL, CR, LF): by its RFC 2231 charset, else as a header's
 * text, encoded words included, for many programs write them there.
 */
bool parameter_text(struct slice value, const char *name, struct buf *out);

#endif
