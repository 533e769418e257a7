/*
 * Sets of UIDs as ranges: what is asked for, what is remembered. RFC 3501 sequence-set.
 *
 * A folder of 50,000 messages that are all remembered is one range. An all-zero set is
 * empty and valid.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_UIDSET_H
#define FETCH_IMAP_UIDSET_H

#include <stdint.h>

#include "common/base/buf.h"

struct uid_range {
	uint32_t first, last; /* both belong to it */
};

struct uidset {
	struct uid_range *at; /* ascending, never touching */
	size_t count;
	size_t room;
};

#define AUTO_UIDSET __attribute__((cleanup(uidset_free))) struct uidset

void uidset_free(struct uidset *s);
void uidset_clear(struct uidset *s);

/* Cheap at the end of the set, where UIDs mostly come. Zero is no UID and is ignored. */
void uidset_add(struct uidset *s, uint32_t first, uint32_t last);

/*
 * For many in whatever order a server likes: between the first gather and the sort the set
 * is of no other use.
 */
void uidset_gather(struct uidset *s, uint32_t first, uint32_t last);
void uidset_sort(struct uidset *s);

void uidset_remove(struct uidset *s, uint32_t first, uint32_t last);
void uidset_add_set(struct uidset *s, const struct uidset *other);
void uidset_remove_set(struct uidset *s, const struct uidset *other);

bool uidset_has(const struct uidset *s, uint32_t uid);
bool uidset_empty(const struct uidset *s);
uint64_t uidset_size(const struct uidset *s);

/*
 * Moves the lowest UIDs from one set to another: `most` of them at most, in `ranges` ranges
 * at most, so that a command line stays short.
 */
void uidset_take(struct uidset *from, uint64_t most, size_t ranges, struct uidset *to);

/* Keeps the `most` highest UIDs. */
void uidset_keep_last(struct uidset *s, uint64_t most);

/* "1:3,5": adds it to out; and reads it into the empty set. False: malformed. */
void uidset_write(const struct uidset *s, struct buf *out);
bool uidset_read(struct slice text, struct uidset *out);

#endif
