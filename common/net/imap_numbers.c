/*
 * Numbers and sets as they come: see imap_numbers.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/imap_numbers.h"

/* What was gathered is a number or a range, its ends in whatever order. */
static int give(struct imap_numbers *n, uint64_t *first, uint64_t *last)
{
	uint64_t other = n->first ? n->first : n->number;

	*first = n->number < other ? n->number : other;
	*last = n->number < other ? other : n->number;
	n->number = n->first = 0;
	n->digits = false;
	return 1;
}

/* "SEARCH" *(SP nz-number) [SP "(MODSEQ" ...] */
static int take_list(struct imap_numbers *n, struct slice *in, uint64_t *first,
	uint64_t *last)
{
	char byte = in->ptr[0];

	if (byte == '\n' || byte == '(')
		return n->digits ? give(n, first, last) : 2;
	if (byte != ' ' && byte != '\r')
		return -1;
	slice_skip(in, 1);
	return n->digits ? give(n, first, last) : 0;
}

/* sequence-set = (nz-number / nz-number ":" nz-number) *("," ...) */
static int take_set(struct imap_numbers *n, struct slice *in, uint64_t *first,
	uint64_t *last)
{
	char byte = in->ptr[0];
	bool end = byte == ' ' || byte == '\r' || byte == '\n';

	/* Nothing stands between the last number and the end of the set. */
	if (n->over)
		return 2;
	if (!n->digits || n->number == 0 || (byte == ':' && n->first))
		return -1;
	if (byte == ':') {
		n->first = n->number;
		n->number = 0;
		n->digits = false;
		slice_skip(in, 1);
		return 0;
	}
	if (byte != ',' && !end)
		return -1;
	if (byte == ',')
		slice_skip(in, 1);
	n->over = end;
	return give(n, first, last);
}

int imap_numbers_take(struct imap_numbers *n, struct slice *in, uint64_t *first,
	uint64_t *last)
{
	while (in->len) {
		char byte = in->ptr[0];
		int got;

		if (byte >= '0' && byte <= '9') {
			n->number = n->number * 10 + (uint64_t)(byte - '0');
			n->digits = true;
			if (n->number > UINT32_MAX)
				return -2;
			slice_skip(in, 1);
			continue;
		}
		got = n->set ? take_set(n, in, first, last) : take_list(n, in, first, last);
		if (got != 0)
			return got;
	}
	return 0;
}
