/*
 * RFC 2045 section 6: content transfer encodings, decoded in pieces of any size.
 *
 * Nothing is refused. Base64: bytes outside of its alphabet are passed over, padding ends a
 * group and not the text. Quoted-printable: blanks before a line end go, "=" before a line
 * end joins the lines, "=" before anything else but two hex digits stays as it stands.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_TRANSFER_H
#define COMMON_MAIL_TRANSFER_H

#include "common/base/buf.h"

enum transfer_kind { TRANSFER_IDENTITY, TRANSFER_BASE64, TRANSFER_QUOTED };

/* LIMIT: blanks before a line end that are held back until it is seen (a line's 998). */
enum { TRANSFER_HELD_MAX = 1000 };

/* All zero but for the kind when a body begins. */
struct transfer {
	enum transfer_kind kind;
	uint32_t bits; /* base64: of the group so far */
	int count;     /* base64: digits of the group so far */
	struct buf held; /* quoted-printable: "=..." or blanks; owned */
};

/* Of the field's value; what is not known (x-uuencode, ...) is identity. */
enum transfer_kind transfer_kind(struct slice value);

void transfer_decode(struct transfer *t, struct slice bytes, struct buf *out);
void transfer_finish(struct transfer *t, struct buf *out); /* and frees what it holds */

/* Value of a base64 digit; -1 for another byte. */
int transfer_base64_digit(char c);

#endif
