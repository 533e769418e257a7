/*
 * UIDLs of the ledger in memory: see known.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/known.h"

void known_free(struct known *k)
{
	buf_free(&k->names);
	free(k->items);
	*k = (struct known){ 0 };
}

bool known_add(struct known *k, struct slice name, enum source_mark mark)
{
	if (name.len > UINT16_MAX || k->names.len + name.len > UINT32_MAX)
		return false;
	if (k->count == k->room) {
		k->room = k->room ? k->room * 2 : 256;
		k->items = mem_grow(k->items, k->room, sizeof(*k->items));
	}
	k->items[k->count++] = (struct known_item){
		.name = (uint32_t)k->names.len,
		.name_len = (uint16_t)name.len,
		.mark = (uint8_t)mark,
	};
	buf_add_slice(&k->names, name);
	return true;
}

/* What has no room here was never written: a line of the list is far shorter. */
static void add_row(void *arg, struct slice item, enum source_mark mark)
{
	(void)known_add(arg, item, mark);
}

int known_read(struct known *k, struct ledger *l, const char *place, struct fault *why)
{
	return source_items_read(l, place, add_row, k, why);
}

static struct slice name_of(const struct known *k, const struct known_item *item)
{
	return slice_of(buf_text(&k->names) + item->name, item->name_len);
}

int known_compare(struct slice a, struct slice b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

/* The index of the name; k->count: it is not there. */
static size_t search(const struct known *k, struct slice name)
{
	size_t low = 0, high = k->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = known_compare(name_of(k, &k->items[middle]), name);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return k->count;
}

/* As binary search, but first behind the last found. */
static size_t find(struct known *k, struct slice name)
{
	size_t at = k->next;

	if (at >= k->count || !slice_equal(name_of(k, &k->items[at]), name))
		at = search(k, name);
	if (at < k->count)
		k->next = at + 1;
	return at;
}

static void add_stored(void *arg, struct slice item, const struct source_letter *letter)
{
	struct known *k = arg;
	size_t at = find(k, item);

	(void)letter;
	if (at < k->count)
		k->items[at].goes = true;
}

int known_read_stored(struct known *k, struct ledger *l, const char *place, int64_t before,
	struct fault *why)
{
	k->next = 0;
	if (source_letters_read(l, place, before, add_stored, k, why) < 0)
		return -1;
	k->next = 0;
	return 0;
}

const struct known_item *known_find(struct known *k, struct slice name)
{
	size_t at = find(k, name);

	if (at == k->count)
		return NULL;
	k->seen += !k->items[at].seen;
	k->items[at].seen = true;
	return &k->items[at];
}

static int forget(const struct known *k, struct ledger *l, const char *place,
	struct fault *why)
{
	for (size_t i = 0; i < k->count; i++) {
		const struct known_item *item = &k->items[i];

		if (!item->seen &&
			source_item_write(l, place, name_of(k, item), SOURCE_NONE, why) < 0)
			return -1;
	}
	return 0;
}

int known_forget_unseen(const struct known *k, struct ledger *l, const char *place,
	struct fault *why)
{
	if (k->seen == k->count)
		return 0;
	if (ledger_begin(l, why) < 0)
		return -1;
	if (forget(k, l, place, why) < 0) {
		ledger_rollback(l);
		return -1;
	}
	return ledger_commit(l, why);
}
