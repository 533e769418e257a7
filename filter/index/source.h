/*
 * Where the values of a test come from: a field, its addresses, the envelope.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_INDEX_SOURCE_H
#define FILTER_INDEX_SOURCE_H

#include "filter/message.h"
#include "filter/language/script.h"

enum source_kind { SOURCE_FIELD, SOURCE_ADDRESSES, SOURCE_ENVELOPE };

struct source {
	enum source_kind kind;
	enum address_part part; /* of addresses: PART_ALL, PART_LOCAL, PART_DOMAIN */
	struct slice name;      /* of the field; "from" or "to"; borrowed */
};

struct sources {
	struct source *at;
	size_t count;
	uint32_t *slots; /* a hash: number + 1 */
	size_t slot_count;
};

/* The number of a source, which is added when it is new. */
uint32_t sources_number(struct sources *s, const struct source *source);
void sources_free(struct sources *s);

/*
 * Visits at least each value that a test of this source may look at. 0, or what a visit
 * returned; -1 also when a test might fail rather than be false.
 */
int source_each(struct message *m, const struct source *source,
	int (*visit)(void *context, struct slice value), void *context);

#endif
