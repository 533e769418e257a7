/*
 * One list in memory: see list.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/lists/list.h"

#include "filter/unicode/casemap.h"

struct list {
	struct buf text;
	uint32_t *slots; /* where the line of a key begins + 1; 0: free */
	size_t mask;     /* their number - 1: a power of two, at most half of them taken */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice first_word(struct slice line)
{
	size_t len = 0;

	while (len < line.len && !is_blank(line.ptr[len]))
		len++;
	return slice_first(line, len);
}

/* A quoted key, if blanks or nothing stand behind it; else the first word. */
static size_t take_key(struct slice line, struct slice *key)
{
	ptrdiff_t close = line.ptr[0] == '"' ? slice_find_byte(slice_from(line, 1), '"') : -1;
	size_t end = (size_t)close + 2;

	if (close > 0 && (end == line.len || is_blank(line.ptr[end]))) {
		*key = slice_of(line.ptr + 1, (size_t)close);
		return end;
	}
	*key = first_word(line);
	return key->len;
}

static bool read_line(struct slice line, struct list_entry *out)
{
	line = slice_trim(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return false;
	slice_skip(&line, take_key(line, &out->key));
	line = slice_trim(line);
	out->value = line.len > 0 && line.ptr[0] == '#' ? slice_first(line, 0) : line;
	return true;
}

bool list_next(const struct list *list, size_t *at, struct list_entry *out)
{
	struct slice rest = slice_from(buf_slice(&list->text), *at);
	struct slice line;
	bool found = false;

	while (!found && slice_line(&rest, &line))
		found = read_line(line, out);
	*at = list->text.len - rest.len;
	return found;
}

static uint64_t hash(struct slice folded)
{
	uint64_t h = 14695981039346656037U;

	for (size_t i = 0; i < folded.len; i++)
		h = (h ^ (unsigned char)folded.ptr[i]) * 1099511628211U;
	return h ^ h >> 32;
}

static struct slice fold(struct slice key, struct buf *room)
{
	buf_clear(room);
	casemap_fold(room, key);
	return buf_slice(room);
}

/* The slot of the key, or a free one. */
static uint32_t *find_slot(const struct list *list, struct slice folded, struct buf *room,
	struct list_entry *out)
{
	for (size_t i = hash(folded);; i++) {
		uint32_t *slot = &list->slots[i & list->mask];
		size_t at;

		if (*slot == 0)
			return slot;
		at = *slot - 1;
		list_next(list, &at, out);
		if (slice_equal(fold(out->key, room), folded))
			return slot;
	}
}

static size_t count_lines(struct slice text)
{
	size_t count = 0;

	for (ptrdiff_t at = 0; at >= 0 && text.len > 0; count++) {
		at = slice_find_byte(text, '\n');
		slice_skip(&text, at < 0 ? text.len : (size_t)at + 1);
	}
	return count;
}

struct list *list_new(struct buf *text)
{
	struct list *list = mem_zero(1, sizeof(*list));
	AUTO_BUF key = { 0 };
	AUTO_BUF other = { 0 };
	struct list_entry entry;
	struct list_entry same;
	size_t at = 0;
	size_t room = 16;

	buf_swap(&list->text, text);
	if (slice_starts(buf_slice(&list->text), "\xef\xbb\xbf"))
		buf_drop(&list->text, 3);
	for (size_t lines = count_lines(buf_slice(&list->text)); room / 2 < lines;)
		room *= 2;
	list->slots = mem_zero(room, sizeof(*list->slots));
	list->mask = room - 1;
	for (size_t line = 0; list_next(list, &at, &entry); line = at) {
		uint32_t *slot = find_slot(list, fold(entry.key, &key), &other, &same);

		if (*slot == 0)
			*slot = (uint32_t)line + 1;
	}
	return list;
}

void list_free(struct list *list)
{
	if (!list)
		return;
	buf_free(&list->text);
	free(list->slots);
	free(list);
}

bool list_find(const struct list *list, struct slice key, struct list_entry *out)
{
	AUTO_BUF wanted = { 0 };
	AUTO_BUF other = { 0 };
	struct list_entry entry;

	if (*find_slot(list, fold(slice_trim(key), &wanted), &other, &entry) == 0)
		return false;
	if (out)
		*out = entry;
	return true;
}
