/*
 * filter/lists: any file is a list. Its entries lie in its text, in their order, hold no
 * line end, and each key is found again: as itself or as an equal one before it.
 *
 * SPDX-License-Identifier: ISC
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "filter/lists/list.h"
#include "filter/unicode/casemap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool equal(struct slice a, struct slice b)
{
	AUTO_BUF one = { 0 };
	AUTO_BUF other = { 0 };

	casemap_fold(&one, a);
	casemap_fold(&other, b);
	return slice_equal(buf_slice(&one), buf_slice(&other));
}

static void check_entry(const struct list *list, const struct list_entry *entry)
{
	struct list_entry found;

	assert(entry->key.len > 0);
	assert(slice_find_byte(entry->key, '\n') < 0 && slice_find_byte(entry->value, '\n') < 0);
	/* Blanks around what is looked for do not count, so a quoted key with some is lost. */
	if (!slice_equal(slice_trim(entry->key), entry->key))
		return;
	assert(list_find(list, entry->key, &found));
	assert(equal(found.key, entry->key));
	assert(found.key.ptr <= entry->key.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_of((const char *)data, size);
	struct list_entry entry;
	const char *last = NULL;
	AUTO_BUF text = { 0 };
	struct list *list;
	size_t at = 0;

	buf_add_slice(&text, all);
	list = list_new(&text);
	while (list_next(list, &at, &entry)) {
		assert(entry.key.ptr > last);
		last = entry.key.ptr;
		check_entry(list, &entry);
	}
	list_find(list, slice_first(all, size < 40 ? size : 40), NULL);
	list_free(list);
	return 0;
}
