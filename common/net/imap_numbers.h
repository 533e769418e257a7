/*
 * The numbers of a SEARCH and the set of an ESEARCH, which may be millions and are not held;
 * for imap_reply alone. RFC 3501 section 7.2.5, RFC 4731 section 3.1.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_IMAP_NUMBERS_H
#define COMMON_NET_IMAP_NUMBERS_H

#include "common/base/slice.h"

struct imap_numbers {
	bool set;        /* "1:3,7", else "1 2 3 7" */
	uint64_t number; /* so far */
	uint64_t first;  /* of a range; 0: none began */
	bool digits;
	bool over;       /* the last number of a set was given */
};

/*
 * 1: *first to *last; 0: *in is used up; 2: *in stands at the byte that ends them; -1 no
 * numbers, -2 one beyond 32 bits.
 */
int imap_numbers_take(struct imap_numbers *n, struct slice *in, uint64_t *first,
	uint64_t *last);

#endif
