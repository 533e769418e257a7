/*
 * Sets of UIDs: see uidset.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/uidset.h"

void uidset_free(struct uidset *s)
{
	free(s->at);
	*s = (struct uidset){ 0 };
}

void uidset_clear(struct uidset *s)
{
	s->count = 0;
}

/* The first range that ends at or behind uid. */
static size_t range_at(const struct uidset *s, uint32_t uid)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->at[middle].last < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Replaces `gone` ranges at `at` by `fresh` (two at most) ones. */
static void splice(struct uidset *s, size_t at, size_t gone, const struct uid_range *fresh,
	size_t count)
{
	if (s->count - gone + count > s->room) {
		s->room = s->room ? s->room * 2 : 8;
		s->at = mem_grow(s->at, s->room, sizeof(*s->at));
	}
	if (s->count > at + gone)
		memmove(s->at + at + count, s->at + at + gone,
			(s->count - at - gone) * sizeof(*s->at));
	for (size_t i = 0; i < count; i++)
		s->at[at + i] = fresh[i];
	s->count = s->count - gone + count;
}

void uidset_add(struct uidset *s, uint32_t first, uint32_t last)
{
	struct uid_range all = { first, last };
	size_t at, end;

	if (first == 0 || first > last)
		return;
	at = range_at(s, first - 1); /* one that ends just before touches */
	for (end = at; end < s->count; end++) {
		if (last != UINT32_MAX && s->at[end].first > last + 1)
			break;
		if (s->at[end].first < all.first)
			all.first = s->at[end].first;
		if (s->at[end].last > all.last)
			all.last = s->at[end].last;
	}
	splice(s, at, end - at, &all, 1);
}

void uidset_gather(struct uidset *s, uint32_t first, uint32_t last)
{
	struct uid_range *end = s->count ? &s->at[s->count - 1] : NULL;

	if (first == 0 || first > last)
		return;
	if (end && end->last != UINT32_MAX && first == end->last + 1)
		end->last = last;
	else
		splice(s, s->count, 0, &(struct uid_range){ first, last }, 1);
}

static int compare_ranges(const void *a, const void *b)
{
	const struct uid_range *one = a, *other = b;

	return (one->first > other->first) - (one->first < other->first);
}

void uidset_sort(struct uidset *s)
{
	size_t count = s->count;
	bool sorted = true;

	for (size_t i = 1; i < count && sorted; i++)
		sorted = s->at[i - 1].last < s->at[i].first;
	if (sorted)
		return;
	qsort(s->at, count, sizeof(*s->at), compare_ranges);
	s->count = 0;
	/* In order, each is added at the end or melts into it: no room is needed. */
	for (size_t i = 0; i < count; i++) {
		struct uid_range range = s->at[i];

		uidset_add(s, range.first, range.last);
	}
}

void uidset_remove(struct uidset *s, uint32_t first, uint32_t last)
{
	struct uid_range left[2];
	size_t at, end, count = 0;

	if (first > last)
		return;
	at = range_at(s, first);
	for (end = at; end < s->count && s->at[end].first <= last; end++) {
		if (s->at[end].first < first)
			left[count++] = (struct uid_range){ s->at[end].first, first - 1 };
		if (s->at[end].last > last)
			left[count++] = (struct uid_range){ last + 1, s->at[end].last };
	}
	if (end > at)
		splice(s, at, end - at, left, count);
}

void uidset_add_set(struct uidset *s, const struct uidset *other)
{
	for (size_t i = 0; i < other->count; i++)
		uidset_add(s, other->at[i].first, other->at[i].last);
}

void uidset_remove_set(struct uidset *s, const struct uidset *other)
{
	for (size_t i = 0; i < other->count; i++)
		uidset_remove(s, other->at[i].first, other->at[i].last);
}

bool uidset_has(const struct uidset *s, uint32_t uid)
{
	size_t at = range_at(s, uid);

	return at < s->count && s->at[at].first <= uid;
}

bool uidset_empty(const struct uidset *s)
{
	return s->count == 0;
}

uint64_t uidset_size(const struct uidset *s)
{
	uint64_t size = 0;

	for (size_t i = 0; i < s->count; i++)
		size += (uint64_t)s->at[i].last - s->at[i].first + 1;
	return size;
}

void uidset_take(struct uidset *from, uint64_t most, size_t ranges, struct uidset *to)
{
	size_t whole = 0;

	while (most > 0 && whole < from->count && whole < ranges) {
		struct uid_range *r = &from->at[whole];
		uint64_t size = (uint64_t)r->last - r->first + 1;

		if (size > most) {
			uidset_add(to, r->first, r->first + (uint32_t)most - 1);
			r->first += (uint32_t)most;
			break;
		}
		uidset_add(to, r->first, r->last);
		most -= size;
		whole++;
	}
	if (whole)
		splice(from, 0, whole, NULL, 0);
}

void uidset_keep_last(struct uidset *s, uint64_t most)
{
	size_t at = s->count;

	while (at > 0 && most > 0) {
		struct uid_range *r = &s->at[--at];
		uint64_t size = (uint64_t)r->last - r->first + 1;

		if (size > most)
			r->first = r->last - (uint32_t)most + 1;
		most -= size < most ? size : most;
	}
	if (at)
		splice(s, 0, at, NULL, 0);
}

void uidset_write(const struct uidset *s, struct buf *out)
{
	for (size_t i = 0; i < s->count; i++) {
		if (i)
			buf_add_byte(out, ',');
		buf_addf(out, "%u", s->at[i].first);
		if (s->at[i].last != s->at[i].first)
			buf_addf(out, ":%u", s->at[i].last);
	}
}

bool uidset_read(struct slice text, struct uidset *out)
{
	struct slice piece, first;
	uint64_t low, high;

	if (text.len == 0)
		return true;
	while (slice_cut(&text, ',', &piece)) {
		if (!slice_cut(&piece, ':', &first) || !slice_number(first, &low))
			return false;
		high = low;
		if (piece.len && !slice_number(piece, &high))
			return false;
		if (low == 0 || high < low || high > UINT32_MAX)
			return false;
		uidset_add(out, (uint32_t)low, (uint32_t)high);
	}
	return true;
}
