/*
 * What a part's header says of it, for mime.c alone.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_MIME_PART_H
#define COMMON_MAIL_MIME_PART_H

#include "common/mail/mime.h"
#include "common/mail/transfer.h"

struct mime_facts {
	struct buf type;
	struct buf subtype;
	struct buf charset;
	struct buf boundary; /* empty when it cannot be used */
	struct buf disposition;
	struct buf filename;
	enum transfer_kind encoding;
	bool encoding_unknown;
};

/* `in_digest`: without Content-Type it is a message (RFC 2046 section 5.1.5). */
void mime_facts_read(struct slice header, bool in_digest, struct mime_facts *out);
void mime_facts_free(struct mime_facts *facts);

#endif
