/*
 * Looking at many messages without fetching them: their sizes, and by what they are told
 * again. Windows of UIDs, two in flight.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_SURVEYING_H
#define FETCH_IMAP_SURVEYING_H

#include "common/mail/ledger/source.h"
#include "fetch/imap/uidset.h"

enum survey_what {
	SURVEY_SIZES,   /* of what is wanted: which are too large? */
	SURVEY_IDS,     /* of all: which do we know from another UIDVALIDITY? */
	SURVEY_HEADERS, /* the same, of those without Message-ID */
	SURVEY_RULES,   /* of what is wanted: what do the rules discard? */
};

/* One message. 16 bytes: there may be 100,000 of them. */
struct survey_row {
	uint32_t uid;
	uint32_t size;   /* RFC822.SIZE; UINT32_MAX: that or more */
	uint64_t digest; /* fetch/hand/digest.h; 0: it has no Message-ID */
};

struct survey {
	enum survey_what what;
	struct uidset left; /* not asked for yet */
	bool failed;
	struct survey_row *at;
	size_t count, room;
	struct source_letter *known; /* what the ledger has, by digest and size */
	bool *used;                  /* of them: found again */
	size_t known_count, known_room;
};

void survey_free(struct survey *v);

#endif
