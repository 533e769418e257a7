/*
 * Messages between two moments: see letters.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/letters.h"

void imap_letters_free(struct imap_letters *l)
{
	free(l->at);
	*l = (struct imap_letters){ 0 };
}

void imap_letters_add(struct imap_letters *l, const struct imap_letter *letter)
{
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		l->at = mem_grow(l->at, l->room, sizeof(*l->at));
	}
	l->at[l->count++] = *letter;
}

bool imap_letters_take(struct imap_letters *l, uint32_t uid, struct imap_letter *out)
{
	size_t i = 0;

	while (i < l->count && l->at[i].uid != uid)
		i++;
	*out = (struct imap_letter){ .uid = uid };
	if (i == l->count)
		return false;
	*out = l->at[i];
	l->count--;
	memmove(&l->at[i], &l->at[i + 1], (l->count - i) * sizeof(*l->at));
	return true;
}
