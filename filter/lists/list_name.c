/*
 * Names of lists: see list_name.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/lists/list_name.h"

#define URN "urn:ietf:params:sieve:"

/* LIMIT: bytes of a file's name: what a filesystem takes. */
enum { LIST_FILE_MAX = 255 };

static bool take(struct slice *name, const char *prefix)
{
	if (!slice_starts_case(*name, prefix))
		return false;
	slice_skip(name, strlen(prefix));
	return true;
}

/* RFC 3986 section 2.1. */
static bool decode(struct slice in, struct buf *out)
{
	for (; in.len > 0; slice_skip(&in, 1)) {
		if (in.ptr[0] != '%') {
			buf_add_byte(out, in.ptr[0]);
			continue;
		}
		if (in.len < 3 || slice_hex_digit(in.ptr[1]) < 0 || slice_hex_digit(in.ptr[2]) < 0)
			return false;
		buf_add_byte(out,
			(char)(slice_hex_digit(in.ptr[1]) << 4 | slice_hex_digit(in.ptr[2])));
		slice_skip(&in, 2);
	}
	return true;
}

/* What would be another file, or one that is hidden or hard to see. */
static bool is_plain(struct slice file)
{
	if (file.len == 0 || file.len > LIST_FILE_MAX || file.ptr[0] == '.')
		return false;
	for (size_t i = 0; i < file.len; i++) {
		if ((unsigned char)file.ptr[i] < ' ' || file.ptr[i] == '/' || file.ptr[i] == 0x7f)
			return false;
	}
	return true;
}

/* segment [ "?" query ]: there are no extensions that the query could name. */
static bool address_book(struct slice segment, struct buf *file, bool *book)
{
	if (slice_find_byte(segment, '?') >= 0 || slice_find_byte(segment, ':') >= 0 ||
		!decode(segment, file))
		return false;
	*book = slice_is_case(buf_slice(file), "default");
	if (*book)
		buf_set(file, SLICE("default"));
	return true;
}

/* RFC 4151: "tag:" authority "," date ":" specific; the last part of it is the file. */
static bool tag_name(struct slice rest, struct buf *file)
{
	ptrdiff_t comma = slice_find_byte(rest, ',');
	ptrdiff_t colon;

	if (comma <= 0)
		return false;
	slice_skip(&rest, (size_t)comma + 1);
	colon = slice_find_byte(rest, ':');
	if (colon < 4)
		return false;
	for (; colon >= 0; colon = slice_find_byte(rest, ':'))
		slice_skip(&rest, (size_t)colon + 1);
	return decode(rest, file);
}

bool list_name(struct slice name, struct buf *file, bool *book)
{
	bool is_book = false;
	bool good;

	buf_clear(file);
	if (take(&name, ":addrbook:") || take(&name, URN "addrbook:")) {
		good = address_book(name, file, &is_book);
	} else if (take(&name, "tag:")) {
		good = tag_name(name, file);
	} else {
		good = slice_find_byte(name, ':') < 0;
		buf_set(file, name);
	}
	if (book)
		*book = is_book;
	return good && is_plain(buf_slice(file));
}
