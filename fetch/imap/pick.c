/*
 * Which folders are meant: see pick.h. RFC 3501 section 6.3.8, RFC 6154 section 2.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/pick.h"

static const char *const uses[] = { "\\All", "\\Archive", "\\Drafts", "\\Flagged",
	"\\Important", "\\Junk", "\\Sent", "\\Trash" };

static const char *without_bang(const char *item)
{
	return *item == '!' ? item + 1 : item;
}

bool pick_is_use(const char *item)
{
	return *without_bang(item) == '\\';
}

bool pick_is_name(const char *item)
{
	return *item != '!' && *item != '\\' && !strpbrk(item, "*%");
}

bool pick_is_valid(const char *item)
{
	const char *rest = without_bang(item);

	if (*rest == '\0')
		return false;
	for (const char *c = rest; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	}
	if (*rest != '\\')
		return true;
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (slice_is_case(slice_text(rest), uses[i]))
			return true;
	}
	return false;
}

/*
 * On a mismatch the last "%" takes one byte more, unless that would cross into the next
 * part; then the last "*" does. What an earlier one took needs no second look: the later
 * one can take all that it could.
 */
bool pick_matches(struct slice pattern, struct slice name)
{
	const size_t none = SIZE_MAX;
	size_t star = none, star_at = 0;
	size_t part = none, part_at = 0;
	size_t p = 0, n = 0;

	while (n < name.len || p < pattern.len) {
		char c = p < pattern.len ? pattern.ptr[p] : 0;

		if (c == '*') {
			star = ++p;
			star_at = n;
			part = none;
			continue;
		}
		if (c == '%') {
			part = ++p;
			part_at = n;
			continue;
		}
		if (p < pattern.len && n < name.len && c == name.ptr[n]) {
			p++;
			n++;
			continue;
		}
		if (part != none && part_at < name.len && name.ptr[part_at] != '/') {
			p = part;
			n = ++part_at;
			continue;
		}
		if (star == none || star_at >= name.len)
			return false;
		p = star;
		n = ++star_at;
		part = none;
	}
	return true;
}

static bool has_use(struct slice list, struct slice use)
{
	struct slice one;

	while (slice_cut(&list, ' ', &one)) {
		if (slice_equal_case(one, use))
			return true;
	}
	return false;
}

static bool matches(struct slice item, const struct pick_folder *folder)
{
	if (item.len && item.ptr[0] == '\\')
		return has_use(folder->uses, item);
	if (slice_is_case(item, "INBOX") && slice_is_case(folder->name, "INBOX"))
		return true;
	return pick_matches(item, folder->name) ||
		(folder->inner.len && pick_matches(item, folder->inner));
}

bool pick_chooses(const struct strings *items, const struct pick_folder *folder)
{
	bool chosen = items->count && items->at[0][0] == '!';

	for (size_t i = 0; i < items->count; i++) {
		const char *item = items->at[i];

		if (matches(slice_text(without_bang(item)), folder))
			chosen = *item != '!';
	}
	return chosen;
}
